"use client";

import { useEffect, useMemo, useSyncExternalStore } from "react";
import type { Auth } from "../index.js";
import { recorderOf, type Recorder, type Recording } from "./model/recorder.js";

/** Listens as long as the component is there, and renders nothing anew by that. */
export function useRecorder(auth: Auth): Recorder {
  const recorder = useMemo(() => recorderOf(auth), [auth]);
  useEffect(() => recorder.listen(), [recorder]);
  return recorder;
}

/** The recording, rendered again when more happens. */
export function useRecording({ subscribe, getRecording }: Recorder): Recording {
  return useSyncExternalStore(subscribe, getRecording, getRecording);
}
