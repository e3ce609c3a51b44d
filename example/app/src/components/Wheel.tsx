import type { ReactElement } from "react";

const gondolas = [0, 45, 90, 135, 180, 225, 270, 315];

/** The park's ferris wheel: its sign, and the sign that something is on its way. */
export function Wheel(): ReactElement {
  return (
    <svg className="wheel" viewBox="0 0 100 110" aria-hidden="true">
      <path className="wheel-legs" d="M50 50 28 106M50 50l22 56M20 106h60" />
      <g className="wheel-rim">
        <circle cx="50" cy="50" r="38" />
        {gondolas.map((angle) => (
          <g key={angle} transform={`rotate(${angle} 50 50)`}>
            <path d="M50 50V12" />
            <circle className="gondola" cx="50" cy="12" r="5" />
          </g>
        ))}
      </g>
    </svg>
  );
}
