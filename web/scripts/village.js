// The village's window and the citizen's page: keeps what is typed, and takes the code from a receipt's QR.
import "./parts/draft.js";
import "./parts/receipt_code.js";
