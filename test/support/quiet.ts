import { refuseWarnings } from "./expectWarning.js";

refuseWarnings();
