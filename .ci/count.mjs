// Adds up the checks and the test reports in a folder, prints the counted line, and exits 1 when
// something failed or nothing ran.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const counts = { passed: 0, failed: 0, skipped: 0 };

const checks = join(folder, "checks");
if (existsSync(checks)) {
  for (const line of readFileSync(checks, "utf8").trim().split("\n")) counts[line] += 1;
}

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const report = JSON.parse(readFileSync(join(folder, name), "utf8"));
  counts.passed += report.numPassedTests;
  const before = counts.failed;
  counts.failed += report.numFailedTests;
  counts.skipped += report.numPendingTests + report.numTodoTests;
  for (const file of report.testResults) {
    const failures = file.assertionResults.filter((result) => result.status === "failed");
    for (const failure of failures) console.log(`FAILED: ${failure.fullName}`);
    // A file that could not even be loaded has no tests in it to count.
    if (file.status === "failed" && failures.length === 0) {
      counts.failed += 1;
      console.log(`FAILED: ${file.name}: ${file.message}`);
    }
  }
  // Without a failed test or file it was the set-up before them, or something that no test caught.
  if (!report.success && counts.failed === before) {
    counts.failed += 1;
    console.log(`FAILED: the run of ${name}; its error is above`);
  }
}

const skipped = counts.skipped > 0 ? `, ${counts.skipped} skipped` : "";
console.log(`${counts.passed} passed, ${counts.failed} failed${skipped}`);
process.exitCode = counts.failed > 0 || counts.passed === 0 ? 1 : 0;
