module.exports = require("entra-group-licensing/program");
