export interface Settings {
  /** Address of the service, such as `https://log.example.com`. A script tag knows it from `src`. */
  url?: string;
  /** An API key that can only write; it is visible to all visitors. */
  key?: string;
  /** Id of the visitor, up to 255 characters; empty or undefined if nobody is logged in. */
  user?: string;
  /** Whether visitors whose browser says Do Not Track or Global Privacy Control are left out. */
  respectDoNotTrack?: boolean;
}

/** Fields of an event beside topic and payload, as described for `POST /events`. */
export interface EventFields {
  event_id?: string;
  user_id?: string;
  session_id?: string;
  occurred_at?: string | number;
  source?: string;
  level?: string;
  message?: string;
  value?: number;
}

/** No method ever throws. */
export interface Lastword {
  /** Changes settings. Nothing is sent before there is a URL. */
  configure(settings: Settings): void;

  /**
   * Logs what is typed into a search box, or into those that match a selector, also later ones. Each
   * call is a session of its own.
   *
   * @returns a function that detaches it; undefined if it failed
   */
  attach(box: string | HTMLInputElement | HTMLTextAreaElement): (() => void) | undefined;

  /** Logs a search that was chosen otherwise than by Enter, a form, or a suggestion that fills the box. */
  submit(text: string): void;

  /**
   * Sends an event, exactly once.
   *
   * @param payload any value that can be written as JSON
   * @returns the event's id; undefined if it is not sent
   */
  event(topic: string, payload?: unknown, fields?: EventFields): string | undefined;
}

declare const lastword: Lastword;
export default lastword;

declare global {
  interface Window {
    lastword: Lastword;
  }
}
