"use client";

import { useEffect, useState, useSyncExternalStore } from "react";
import type { Auth } from "../index.js";
import { createRecorder, type Recorder, type Recording } from "./model/recorder.js";

/** Listens as long as the component is there, and renders nothing anew by that. */
export function useRecorder(auth: Auth): Recorder {
  const [recorder] = useState(createRecorder);
  useEffect(() => recorder.listen(auth), [recorder, auth]);
  return recorder;
}

/** What was recorded, rendered anew when more happens. */
export function useRecording({ subscribe, getRecording }: Recorder): Recording {
  return useSyncExternalStore(subscribe, getRecording, getRecording);
}
