import {
  useEffect,
  useMemo,
  useRef,
  useState,
  type KeyboardEvent,
  type ReactElement,
  type UIEvent,
} from "react";
import { placeItems, type PlacedItem, type PlacedLane } from "../model/placing.js";
import type { TimelineItem } from "../model/timeline.js";

const rowHeight = 26;

/** The timeline, drawn. Arrow keys lead from one item to the next. */
export function Lanes({ items }: { items: readonly TimelineItem[] }): ReactElement {
  const placing = useMemo(() => placeItems(items), [items]);
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const container = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  const current = items.find(({ key }) => key === focused) ?? items[items.length - 1];
  const told = items.find(({ key }) => key === hovered) ?? current;

  // The end stays in sight, unless one has scrolled back.
  useEffect(() => {
    if (isAtEnd.current) container.current?.scrollTo?.({ left: placing.width });
  }, [placing.width]);

  function onScroll({ currentTarget }: UIEvent): void {
    const { scrollLeft, clientWidth, scrollWidth } = currentTarget;
    isAtEnd.current = scrollLeft + clientWidth >= scrollWidth - 8;
  }

  function onKeyDown(event: KeyboardEvent): void {
    const index = current ? items.indexOf(current) : 0;
    const next = items[targetOf(event.key, index, items.length - 1) ?? -1];
    if (!next) return;
    event.preventDefault();
    const buttons = container.current?.querySelectorAll("button") ?? [];
    [...buttons].find(({ dataset }) => dataset["key"] === next.key)?.focus();
  }

  return (
    <>
      <div
        ref={container}
        className="lanes"
        role="group"
        aria-label="Timeline, arrow keys lead through it"
        onScroll={onScroll}
      >
        {placing.lanes.map((lane) => (
          <Lane
            key={lane.name}
            lane={lane}
            width={placing.width}
            currentKey={current?.key}
            onKeyDown={onKeyDown}
            onFocus={setFocused}
            onHover={setHovered}
          />
        ))}
      </div>
      {/* A screen reader hears the same as the name of what has the focus. */}
      <p className="told" aria-hidden>
        {told?.sentence}
      </p>
    </>
  );
}

/** Where a key leads; `undefined` for other keys. */
function targetOf(key: string, index: number, last: number): number | undefined {
  const targets: Record<string, number> = {
    ArrowLeft: index - 1,
    ArrowUp: index - 1,
    ArrowRight: index + 1,
    ArrowDown: index + 1,
    Home: 0,
    End: last,
  };
  return targets[key];
}

interface LaneProps {
  lane: PlacedLane;
  width: number;
  /** The item that the Tab key leads to. */
  currentKey: string | undefined;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: (key: string) => void;
  onHover: (key: string | undefined) => void;
}

function Lane({ lane, width, currentKey, onKeyDown, onFocus, onHover }: LaneProps): ReactElement {
  return (
    <div className="lane">
      <div className="laneName">{lane.name}</div>
      <div className="track" style={{ width, height: lane.rows * rowHeight }}>
        {lane.items.map((placed) => {
          const { key } = placed.item;
          return (
            <Item
              key={key}
              placed={placed}
              isCurrent={key === currentKey}
              onKeyDown={onKeyDown}
              onFocus={() => onFocus(key)}
              onHover={(isOver) => onHover(isOver ? key : undefined)}
            />
          );
        })}
      </div>
    </div>
  );
}

interface ItemProps {
  placed: PlacedItem;
  isCurrent: boolean;
  onKeyDown: (event: KeyboardEvent) => void;
  onFocus: () => void;
  onHover: (isOver: boolean) => void;
}

function Item({ placed, isCurrent, onKeyDown, onFocus, onHover }: ItemProps): ReactElement {
  const { item, left, width, row, segments } = placed;
  return (
    <button
      type="button"
      data-key={item.key}
      className={`item ${item.tone}${item.isOpen ? " open" : ""}`}
      style={{ left, width, top: row * rowHeight }}
      aria-label={item.sentence}
      tabIndex={isCurrent ? 0 : -1}
      onKeyDown={onKeyDown}
      onFocus={onFocus}
      // Not `mouseenter`: React tells of none where the mouse comes straight from another part of its
      // page. It counts on the event of leaving that, which names no more than the shadow root's host.
      onMouseOver={() => onHover(true)}
      onMouseLeave={() => onHover(false)}
    >
      {segments.map((segment) => (
        <span
          key={segment.left}
          className={segment.isWait ? "segment wait" : "segment"}
          style={{ left: segment.left, width: segment.width }}
        />
      ))}
      <span className="name">{item.title}</span>
    </button>
  );
}
