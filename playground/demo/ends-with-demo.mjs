// Loaded into Herald before its own code, and into the importer: plain JavaScript, as it is run without a compiler.
// Their stdin is a pipe that the demo holds open and never writes to. It ends when the demo does, by kill -9 as well,
// and a Herald that lived on would write to whatever listens on that port next.
process.stdin.on("end", () => process.kill(process.pid, "SIGKILL")).resume();
// Alone it keeps no process alive.
process.stdin.unref();
