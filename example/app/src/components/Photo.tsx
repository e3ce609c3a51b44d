import { useQueryClient } from "@tanstack/react-query";
import { useAuthedMutation, useAuthedQuery } from "react-authed-query";
import { useState, type ReactElement } from "react";
import { BusyButton } from "./BusyButton.js";
import { Outcome } from "./Outcome.js";

/** One's own photo. It is fetched as everything is, for an `<img src>` would bring no token. */
export function Photo({ name }: { name: string }): ReactElement {
  const queryClient = useQueryClient();
  const { data: photo } = useAuthedQuery<string | null>({
    queryKey: ["photo"],
    async queryFn({ api: client, signal }) {
      const { data } = await client.get<Blob>("/me/photo", { responseType: "blob", signal });
      return data.size > 0 ? readAsURL(data) : null;
    },
  });
  /** Which part of the photo has been sent, from 0 to 1. */
  const [sent, setSent] = useState(0);
  const change = useAuthedMutation({
    request: (file: File | null) =>
      file
        ? {
            url: "/me/photo",
            data: formWith(file),
            onUploadProgress: ({ progress = 0 }) => setSent(progress),
          }
        : { url: "/me/photo", method: "DELETE" },
    onMutate: () => setSent(0),
    onSettled: () => queryClient.invalidateQueries({ queryKey: ["photo"] }),
  });
  return (
    <div className="photo">
      {photo ? (
        <img className="portrait" src={photo} alt={name} />
      ) : (
        <span className="portrait" aria-hidden="true">
          {name.slice(0, 1)}
        </span>
      )}
      <div className="photo-actions">
        <label className="upload">
          {change.isPending ? "One moment …" : photo ? "Another photo" : "Add a photo"}
          <input
            className="visually-hidden"
            type="file"
            accept="image/png, image/jpeg, image/webp"
            onChange={({ target }) => {
              const [file] = target.files ?? [];
              if (file) change.mutate(file);
              // So that the same file can be chosen again.
              target.value = "";
            }}
          />
        </label>
        {photo && (
          <BusyButton
            className="quiet"
            isBusy={change.isPending}
            onClick={() => change.mutate(null)}
          >
            Remove it
          </BusyButton>
        )}
      </div>
      {change.isPending && change.variables && (
        <label className="sending">
          Sending the photo
          <progress value={sent} />
        </label>
      )}
      <Outcome of={change}>
        {change.isSuccess && (change.variables ? "That is you." : "The photo is gone.")}
      </Outcome>
    </div>
  );
}

function formWith(file: File): FormData {
  const form = new FormData();
  form.append("photo", file);
  return form;
}

/** A `data:` URL, the only kind of foreign picture that the page's policy lets in. */
function readAsURL(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    // Text, when it is read as a URL.
    reader.addEventListener("load", () => resolve(reader.result as string));
    reader.addEventListener("error", () => reject(reader.error));
    reader.readAsDataURL(blob);
  });
}
