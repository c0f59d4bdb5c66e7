// Run once by the image, as root, on an empty database: a user for each service of this tier, for its own data only.
const { readFileSync } = require("fs");

for (const service of process.env.DATABASE_USERS.split(",")) {
  db.getSiblingDB(service).createUser({
    user: service,
    pwd: readFileSync(`/run/secrets/${service}_mongodb_password`, "utf8").trim(),
    roles: [{ role: "readWrite", db: service }],
  });
}
