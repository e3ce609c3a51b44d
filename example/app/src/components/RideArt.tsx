import type { ReactElement } from "react";

/** A small line drawing of a ride; of the park's wheel for a ride that has none yet. */
export function RideArt({ rideId }: { rideId: string }): ReactElement {
  return (
    <svg
      className="scene"
      viewBox="0 0 320 120"
      preserveAspectRatio="xMidYMid slice"
      aria-hidden="true"
    >
      <path className="ground" d="M0 108h320" />
      {drawings.get(rideId) ?? drawings.get("wheel")}
    </svg>
  );
}

const drawings = new Map<string, ReactElement>([
  [
    "comet",
    <>
      <path
        className="thin"
        d="M30 74v34M50 52v56M70 40v68M90 48v60M110 70v38M130 88v20M150 82v26M170 62v46M190 50v58M210 56v52M230 74v34M250 90v18M270 84v24M290 72v36M30 96 50 74M50 96 70 66M70 96 90 70M170 98 190 72M190 98 210 76"
      />
      <path d="M10 100C30 90 45 40 72 40S110 92 135 92 165 50 193 50s30 42 60 42 30-20 57-26" />
      <g className="lit">
        <rect
          x="-10"
          y="-13"
          width="20"
          height="11"
          rx="4"
          transform="translate(98 56) rotate(50)"
        />
        <rect
          x="-10"
          y="-13"
          width="20"
          height="11"
          rx="4"
          transform="translate(80 39) rotate(18)"
        />
        <rect
          x="-10"
          y="-13"
          width="20"
          height="11"
          rx="4"
          transform="translate(58 44) rotate(-32)"
        />
      </g>
    </>,
  ],
  [
    "lanterns",
    <>
      <path
        className="thin"
        d="M0 14Q80 44 160 18T320 14M0 100q10-6 20 0t20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0 20 0"
      />
      <g className="lit">
        <ellipse cx="48" cy="40" rx="9" ry="11" />
        <ellipse cx="104" cy="43" rx="9" ry="11" />
        <ellipse cx="160" cy="32" rx="9" ry="11" />
        <ellipse cx="216" cy="18" rx="9" ry="11" />
        <ellipse cx="272" cy="20" rx="9" ry="11" />
      </g>
      <path
        className="solid"
        d="M66 86h44l-9 14H75zM76 86l12-22 12 22zM196 90h40l-8 12h-24zM205 90l11-20 11 20z"
      />
    </>,
  ],
  [
    "owl",
    <>
      <circle className="lit" cx="252" cy="34" r="17" />
      <path className="solid" d="M146 108l6-74h16l6 74zM144 34h32l-16-18z" />
      <path className="thin" d="M60 66C70 30 250 26 266 64S84 106 60 66Z" />
      <path d="M48 54c14-14 28-8 36 6 8-14 22-20 36-6" />
      <ellipse className="lit" cx="84" cy="64" rx="6" ry="9" />
      <path className="thin" d="M156 58h8M155 74h10" />
    </>,
  ],
  [
    "kettle",
    <>
      <path
        className="thin"
        d="M36 104h248M88 44c-8-8 8-12 0-22M160 34c-8-8 8-12 0-22M232 44c-8-8 8-12 0-22"
      />
      <path
        className="solid"
        d="M58 62h60c0 24-10 36-18 38H76c-8-2-18-14-18-38ZM202 62h60c0 24-10 36-18 38h-24c-8-2-18-14-18-38ZM124 52h72c0 30-12 44-22 48h-28c-10-4-22-18-22-48Z"
      />
      <path d="M118 68c14 0 14 18-4 18M262 68c14 0 14 18-4 18M196 60c18 0 18 22-6 22M54 62h68M198 62h68M120 52h80" />
      <circle className="lit" cx="160" cy="44" r="5" />
    </>,
  ],
  [
    "drop",
    <>
      <path
        className="thin"
        d="M146 22 174 40M174 22 146 40M146 40l28 18M174 40l-28 18M146 76l28 18M174 76l-28 18M108 30v48M100 70l8 8 8-8M212 30v48M204 70l8 8 8-8"
      />
      <path d="M146 108V14h28v94M136 14h48" />
      <path className="solid" d="M124 56h72v16h-72z" />
      <path className="lit" d="M130 72v10h10V72M148 72v10h10V72M164 72v10h10V72M180 72v10h10V72" />
      <path d="M0 108h120l12-10h56l12 10h120" />
    </>,
  ],
  [
    "train",
    <>
      <path className="thin" d="M0 114h320M70 34c-10-14 14-18 8-30M56 42c-14-6-6-18-18-22" />
      <path
        className="solid"
        d="M52 94V68h46V50h30v44ZM62 68V52h12v16ZM146 94V68h54v26ZM216 94V68h54v26Z"
      />
      <path d="M128 88h18M200 88h16M106 60h14v10h-14zM140 60h66M210 60h66" />
      <g className="lit">
        <circle cx="66" cy="98" r="9" />
        <circle cx="92" cy="98" r="9" />
        <circle cx="118" cy="98" r="9" />
        <circle cx="160" cy="100" r="7" />
        <circle cx="186" cy="100" r="7" />
        <circle cx="230" cy="100" r="7" />
        <circle cx="256" cy="100" r="7" />
      </g>
    </>,
  ],
  [
    "swing",
    <>
      <path className="solid" d="M154 108V46h12v62ZM92 42l68-28 68 28Z" />
      <path className="thin" d="M98 42 66 82M118 42 98 88M202 42l20 46M222 42l32 40" />
      <path d="M58 80l14 8M90 88h16M214 88h16M248 88l14-8M92 42h136" />
      <g className="lit">
        <circle cx="160" cy="12" r="5" />
        <circle cx="24" cy="92" r="8" />
        <circle cx="44" cy="98" r="6" />
        <circle cx="288" cy="94" r="8" />
      </g>
    </>,
  ],
  [
    "maze",
    <>
      <path d="M90 108V24h140v84M110 108V44h100v64M130 108V64h24M174 64h16v44M150 108V84h20v24" />
      <path className="thin" d="M236 62c30-34 44 12 22 10s4-34 34-34" />
      <ellipse className="lit" cx="300" cy="37" rx="9" ry="7" />
      <path className="thin" d="M297 30v14M303 30v14M298 29c-4-14 10-14 4 0" />
    </>,
  ],
  [
    "wheel",
    <>
      <path className="thin" d="M160 18v80M120 58h80M132 30l56 56M188 30l-56 56" />
      <circle cx="160" cy="58" r="40" />
      <path d="M160 58 138 108M160 58l22 50" />
      <g className="lit">
        <circle cx="160" cy="18" r="6" />
        <circle cx="160" cy="98" r="6" />
        <circle cx="120" cy="58" r="6" />
        <circle cx="200" cy="58" r="6" />
      </g>
    </>,
  ],
]);
