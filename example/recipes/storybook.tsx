// .storybook/preview.tsx
import { useState, type ComponentType, type ReactNode } from "react";
import { createTestAuth, TestAuthProvider, type TestAnswer } from "react-authed-query/testing";

type Answers = Record<string, TestAnswer>;

const ada = { id: "u1", name: "Ada", email: "ada@example.com", roles: [] };

const sessions = {
  visitor: (answers: Answers) => createTestAuth({ status: "unauthenticated", user: ada, answers }),
  loading: (answers: Answers) => createTestAuth({ status: "loading", answers }),
  ada: (answers: Answers) => createTestAuth({ user: ada, answers }),
  expired(answers: Answers) {
    const auth = createTestAuth({ user: ada, answers });
    auth.test.refuse();
    return auth;
  },
  offline(answers: Answers) {
    const auth = createTestAuth({ user: ada, answers });
    auth.test.goOffline();
    return auth;
  },
};

type SessionName = keyof typeof sessions;

function Session(props: { name: SessionName; answers: Answers; children: ReactNode }) {
  const createSession = sessions[props.name];
  const [auth] = useState(() => createSession(props.answers));
  return <TestAuthProvider auth={auth}>{props.children}</TestAuthProvider>;
}

/** What Storybook passes to a decorator, as far as it is used here. */
interface Context {
  id: string;
  globals: { session: SessionName };
  /** A story says in `parameters: { answers: { "GET /orders": ["boots"] } }` what its API answers. */
  parameters: { answers?: Answers };
}

export default {
  globalTypes: {
    session: {
      toolbar: { title: "Session", icon: "user", items: Object.keys(sessions), dynamicTitle: true },
    },
  },
  initialGlobals: { session: "ada" },
  decorators: [
    (Story: ComponentType, { id, globals, parameters }: Context) => (
      // Another story, or another choice in the toolbar, is another session.
      <Session
        key={`${id} ${globals.session}`}
        name={globals.session}
        answers={parameters.answers ?? {}}
      >
        <Story />
      </Session>
    ),
  ],
};
