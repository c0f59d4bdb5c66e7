// What a page gains where scripts run; every page works without.
import "htmx.org/dist/htmx.esm.js";
import "./parts/forms.js";
import "./parts/closing.js";
