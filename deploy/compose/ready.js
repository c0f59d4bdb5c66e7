// Exits with 0 when this server is the writable member of its set; makes the set when there is none.
const { readFileSync } = require("fs");

db.getSiblingDB("admin").auth("root", readFileSync("/run/secrets/database_root_password", "utf8").trim());
try {
  rs.status();
} catch (error) {
  if (error.codeName !== "NotYetInitialized") throw error;
  rs.initiate({ _id: "rs0", members: [{ _id: 0, host: `${process.env.DATABASE_HOST}:27017` }] });
}
quit(db.hello().isWritablePrimary ? 0 : 1);
