#!/usr/bin/env node
require("./load")("cli/main").main(process.argv.slice(2)).then((code) => {
  process.exitCode = code;
});
