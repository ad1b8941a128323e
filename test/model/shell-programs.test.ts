import { describe, expect, it } from "vitest";
import { shellPrograms } from "../../model/shell-programs.ts";

describe("the programs in a line of shell", () => {
  it.each([
    ["curl -fsS http://localhost:80/ || exit 1", ["curl"]],
    ["wget -q -O /dev/null http://a/ && nc -z 127.0.0.1 443", ["wget", "nc"]],
    ["wget -S -O - http://127.0.0.1/ 2>&1 | grep -q 401", ["wget", "grep"]],
    ["[ -f /ready ] && test -s /a; pgrep crond", ["pgrep"]],
    ["if pgrep crond; then echo well; else exit 1; fi", ["pgrep"]],
    ['PGPASSWORD="$(cat /run/p)" pg_isready -h 127.0.0.1', ["pg_isready", "cat"]],
    ["test `redis-cli ping` = PONG", ["redis-cli"]],
    ["exec 3<>/dev/tcp/127.0.0.1/80 && grep -q '^HTTP; | x' <&3", ["grep"]],
    ["! curl 'http://a;b' >/dev/null", ["curl"]],
    ["/usr/bin/python3 -c 'import os; print(1)'", ["/usr/bin/python3"]],
  ])("%s", (line, programs) => {
    expect(shellPrograms(line)).toEqual(programs);
  });

  it("do not count where only the running shell knows them", () => {
    expect(shellPrograms('"$PROGRAM" ping; $(which curl) x; echo $((1 + 2))')).toEqual(["which"]);
  });

  it("may be started by another one, which is not looked into", () => {
    expect(shellPrograms("timeout 5 curl http://a/")).toEqual(["timeout"]);
  });
});
