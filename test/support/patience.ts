import { configure } from "@testing-library/react";

// On a busy machine a second is not long. A test that passes waits no longer for it.
configure({ asyncUtilTimeout: 5000 });
