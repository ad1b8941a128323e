import { hostWith } from "./host-names.ts";

/** What a code stands for. */
export interface ErrorEntry {
  /** What happened, in one or two sentences. */
  readonly meaning: string;
  /** What a person does about it. */
  readonly remedy: string;
}

/**
 * Every error code, in the order of docs/reference/errors.md, which is written from this. A code
 * never changes its meaning; one that is no longer used is removed and not given to another.
 */
export const ERRORS: Readonly<Record<string, ErrorEntry>> = {
  // Any command
  "HL-USAGE": {
    meaning: "A word on the command line is not one of those that are possible there.",
    remedy: "The message lists the possible ones; `npx homelab help <command>` explains them.",
  },
  "HL-CONFIRM": {
    meaning: "The command removes or replaces something and asks first, but nobody can answer.",
    remedy: "Run it on a terminal, or repeat it with --yes.",
  },
  "HL-PROJECT": {
    meaning: "Pulumi.yaml or a Pulumi.<stack>.yaml is missing or is not what Pulumi writes.",
    remedy: "Correct the file that is named; check PULUMI_OPTION_CWD if it is set.",
  },
  // Declarations and settings
  "HL-SITE": {
    meaning: "The value homelab:site (names, addresses, certificates) has mistakes.",
    remedy: "Correct each path that is listed, in Pulumi.yaml or in the stack's own file.",
  },
  "HL-STACK": {
    meaning: "The Pulumi stack is named after no host of household/hosts.ts.",
    remedy: `Select one of them: pulumi up -s ${hostWith("home")}.`,
  },
  "HL-DECLARATION": {
    meaning:
      "Declarations, image lock or config have mistakes. It was found before anything was created.",
    remedy: "Correct each path that is listed; `npx homelab validate` looks again without a host.",
  },
  "HL-OVERRIDE": {
    meaning:
      "A file by which somebody overrides a service on its host (docs/deploy.md, Overrides) has mistakes, or would weaken a house rule. Nothing was changed.",
    remedy:
      "Correct or remove each file that is named, at its line and column; `npx homelab overrides <host>` looks again.",
  },
  "HL-ROUTES": {
    meaning: "The reverse proxy cannot serve a site: its name is taken or it cannot be reached.",
    remedy: "Change the route of the service that is named.",
  },
  "HL-LOCK": {
    meaning: "The image lock file is missing or damaged.",
    remedy: "`npx homelab images lock` writes it; homelab:imageLock names it.",
  },
  "HL-PLAN": {
    meaning: "The host plan on a host cannot be read by this version.",
    remedy: "Deploy the host again, which writes it anew: pulumi up -s <host>.",
  },
  // Hosts
  "HL-UNREACHABLE": {
    meaning: "ssh could not connect within 10 seconds. Nothing was changed on that host.",
    remedy:
      "Check that it is on and that `ssh <host> true` works; the other hosts can be deployed.",
  },
  "HL-MACHINE-AWAITED": {
    meaning:
      "The VPS's machine was rented, but the ssh alias does not reach it: the first deployment ends here. Later it means that the machine is off or cut off.",
    remedy:
      "Let the alias lead to the address in the message and trust its host key, as the message says; then repeat the command.",
  },
  "HL-MACHINE-OTHER": {
    meaning:
      "The ssh alias leads to another machine than the rented one. Nothing was changed on either.",
    remedy: "Let the alias lead to the address in the message; then repeat the command.",
  },
  "HL-MACHINE-SETUP": {
    meaning: "The rented machine's first boot did not end well, or not within ten minutes.",
    remedy: "ssh <host> cloud-init status --long; mend it there, then repeat the command.",
  },
  "HL-HOST-SLOW": {
    meaning: "The host was reached, but did not finish in time.",
    remedy: "Look at its load and its disks, then repeat the command.",
  },
  "HL-LOGIN": {
    meaning:
      "The host was reached, but its login prints something when a command is run there, which garbles what Docker says over the same connection. Nothing was changed there.",
    remedy:
      "Find the line in the message in root's ~/.bashrc on the host and print it in interactive shells only; `ssh <host> true` has to print nothing.",
  },
  "HL-SSH-CONFIG": {
    meaning:
      "HOMELAB_SSH_CONFIG names no configuration that can be used: it is not there, ssh would read its path otherwise, or the one with shared connections cannot be written beside it.",
    remedy:
      "Name a file that is there, in a folder that you can write to, or unset HOMELAB_SSH_CONFIG.",
  },
  "HL-ENGINE": {
    meaning: "The host was reached, but its Docker does not answer.",
    remedy: "ssh <host> systemctl status docker",
  },
  "HL-MAINTENANCE": {
    meaning:
      "The file that announces maintenance could not be written, removed or read on the host.",
    remedy: "Look at what the message quotes, e.g. a full or read-only disk.",
  },
  "HL-MESH-TAILNET": {
    meaning: "The mesh is a tailnet, whose members Tailscale's own console lists and invites.",
    remedy: "Use the admin console and the app with your account (docs/tailnet.md).",
  },
  "HL-MESH-NAME": {
    meaning: "A device of that name is a member of the mesh. No key was made.",
    remedy: "Take another name; or delete the member that is gone for good, as the message says.",
  },
  "HL-HEADSCALE": {
    meaning: "Headscale refused what was asked of it, or does not run.",
    remedy: "Look at what the message quotes; `npx homelab why headscale` says how it is.",
  },
  "HL-DEPLOY-LOCKED": {
    meaning: "Another run deploys the host; the message says whose. Nothing was changed.",
    remedy: "Wait for it. If its computer is gone for good: npx homelab unlock <host>.",
  },
  "HL-DEPLOY-HELD": {
    meaning: "Somebody went back to an earlier deployment of the host, and holds it there.",
    remedy: "npx homelab release <host>, then deploy; or npx homelab rollback <host> --to another.",
  },
  "HL-ROLLBACK": {
    meaning:
      "There is no such deployment to go back to, or its commit or packages are not on this computer. Nothing was changed.",
    remedy:
      "`npx homelab history <host>` lists them; fetch the commit, or let npm have its packages, as the message says.",
  },
  "HL-DEPLOY-MAINTENANCE": {
    meaning: "Somebody works on a host that was to be brought back. Nothing was started there.",
    remedy: "npx homelab maintenance <host> --end, then repeat the command.",
  },
  "HL-DEPLOY-BOOT": {
    meaning: "The boot orchestrator of a host could not be started, or its engine does not answer.",
    remedy: "ssh <host> systemctl status docker docker-boot-orchestrator",
  },
  "HL-DEPLOY-RESUME": {
    meaning:
      "A run cannot be resumed: commit, plan or --only are others than it began with, or its state on the host is torn.",
    remedy:
      "Go back to what it began with, or begin anew without --resume, which takes over what is there.",
  },
  "HL-DEPLOY-STATE": {
    meaning: "The host could not keep the lock, state or log of a deployment.",
    remedy:
      "Look at what the message quotes, e.g. a full disk; then type the command that it names.",
  },
  "HL-DEPLOY-PACKAGES": {
    meaning: "The checkout was pulled to a commit that needs other packages. No host was reached.",
    remedy: "Run `npm ci` in the checkout, then repeat the command.",
  },
  "HL-DEPLOY-UNHEALTHY": {
    meaning: "After a deployment a service is not healthy, or does not stay so.",
    remedy: "`npx homelab why <service>`; the diagnostics on the host have states and logs.",
  },
  "HL-DEPLOY-INTERRUPTED": {
    meaning: "A person ended the run. What was under way is finished, and recorded.",
    remedy: "npx homelab deploy <host> --resume",
  },
  "HL-ADOPT": {
    meaning: "A container that was made by hand could not be stopped or removed.",
    remedy: "The engine's reason is in the message; mend it and repeat the command.",
  },
  "HL-ADOPT-DATA": {
    meaning:
      "The container keeps data at a place that the declared service has elsewhere, so that the service would start without it. Nothing was changed.",
    remedy: "Repeat with the --volume options in the message, or with --leave-data to start empty.",
  },
  "HL-ADOPT-COPY": {
    meaning:
      "A container's data could not be copied, or the copy was not the same. The container was started again, and its data is as it was.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-ADOPT-OURS": {
    meaning: "The container was deployed from here, so there is nothing to adopt.",
    remedy: "Change its declaration and deploy; when Pulumi's state is lost, repeat with --ours.",
  },
  "HL-IMPORT": {
    meaning:
      "A Compose file, or a file that it names, has mistakes, so that no plan can be made of it. Nothing was written.",
    remedy: "Correct each place that is listed; `docker compose config` looks at the same file.",
  },
  "HL-IMPORT-EXISTS": {
    meaning: "A file that an import would write is there already. Nothing was written.",
    remedy: "Choose another --name or --domain, or repeat with --force to replace the files.",
  },
  "HL-VERIFY": {
    meaning: "A backup could not be restored, so nothing is known about it.",
    remedy: "The reason is in the message; repeat the command when it is mended.",
  },
  "HL-RESTORE": {
    meaning:
      "A service's data was not put back from its backup. Data and containers are as they were.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-RESTORE-LOST": {
    meaning:
      "The connection to the host was lost while data was put back from a backup. The host ends that by itself, and does all of it or nothing.",
    remedy: "Look with the command in the message which it was; repeat the command if nothing was.",
  },
  "HL-RESTORE-PART": {
    meaning:
      "A whole host was not put back to its end. What was put back stays, and some of its containers are stopped.",
    remedy: "Mend what the message names and repeat the command: it goes on with what is missing.",
  },
  "HL-RESTORE-START": {
    meaning:
      "The data was put back from the backup, but a container that was stopped for it could not be started again.",
    remedy: "Start it with the command in the message; the engine's reason is there too.",
  },
  "HL-CONVERT": {
    meaning:
      "A database was not brought into the form of another version. It and who uses it are as they were.",
    remedy: "The reason is in the message; mend it and repeat the command.",
  },
  "HL-CONVERT-LOST": {
    meaning:
      "The connection to the host was lost while a database was converted. The host ends that by itself, and does all of it or nothing.",
    remedy: "Look with the command in the message which it was; repeat the command if nothing was.",
  },
  // The control plane
  "HL-OBSERVER": {
    meaning:
      "The Observer's settings are missing or have mistakes, or its port is taken. It did not start.",
    remedy: "Correct what the message names in the file that it names, then start it again.",
  },
  "HL-CONTROL-PLANE": {
    meaning:
      "The control plane was turned off, and a container of it holds a port that another service gets back. Nothing was changed.",
    remedy: "Run the command in the message, then deploy again.",
  },
  "HL-CONTROL-PLANE-OFF": {
    meaning: "The site has no control plane, and the command is about what that knows.",
    remedy: "Turn it on as docs/control-plane.md says, or use `npx homelab check` and `drift`.",
  },
  "HL-CONTROL-PLANE-FILES": {
    meaning:
      "What the control plane keeps on the VPS could not be read, is not there yet, or a decision could not be put there.",
    remedy:
      "The VPS's own words are in the message. `npx homelab actions` shows what was decided; the command can be repeated.",
  },
  "HL-UNDECIDED": {
    meaning: "An action was neither approved nor rejected. Nothing was changed.",
    remedy:
      "The reason is in the message; `npx homelab actions` shows what can be decided, and `npx homelab status` whether anybody can tell how things are.",
  },
  "HL-SIGN": {
    meaning: "An order was not signed, so nothing was decided.",
    remedy:
      "ssh-keygen's own words are in the message; name your key with --key or HOMELAB_DESK_KEY.",
  },
  "HL-OPERATOR-UI": {
    meaning:
      "The settings of the control plane's page are missing or have mistakes, a file that they name cannot be used, or its port is taken. It did not start.",
    remedy: "Correct what the message names in the file that it names, then start it again.",
  },
  "HL-ORDER": {
    meaning:
      "A text that should say what a host is to do is not exactly what this program writes. Nothing was done.",
    remedy: "Approve the action again, which writes the text anew, and sign that.",
  },
  // Pulumi and secrets
  "HL-PULUMI": {
    meaning: "The Pulumi CLI is missing, or one of its commands failed.",
    remedy: "Pulumi's own words are in the message.",
  },
  "HL-BACKEND": {
    meaning: "Nothing says where Pulumi keeps its state.",
    remedy:
      "Set PULUMI_BACKEND_URL, the same on every machine; see docs/adr/0004-state-and-secrets.md.",
  },
  "HL-PASSPHRASE": {
    meaning: "The passphrase that encrypts the secrets is not set, or its file does not exist.",
    remedy: "Set PULUMI_CONFIG_PASSPHRASE_FILE to a file that only you can read.",
  },
  "HL-SECRETS-ELSEWHERE": {
    meaning:
      "A stack was deployed with secrets that its stack file here lacks. New ones would change every password of what runs. Nothing was written.",
    remedy: "Fetch them: pulumi config refresh -s <stack>.",
  },
  "HL-ADMIN-USER": {
    meaning:
      "homelab:site.adminUser is another than the host was deployed with, and programs there keep the former user among their own data. Nothing was changed.",
    remedy: "Follow the steps in the message, or put the former name back.",
  },
  "HL-SECRET-PERSON": {
    meaning: "The secret is somebody else's to make (a camera's password, a provider's token).",
    remedy: "Follow the steps in the message; none of the commands shows the value.",
  },
  "HL-SECRET-MISSING": {
    meaning:
      "The secret that is to be rotated is not in the stack file of every stack that shares it. Nothing was changed.",
    remedy: "Fetch or make it, as the message says, then repeat the command.",
  },
  "HL-SECRET-BOUND": {
    meaning: "Data was encrypted with the secret, and another value would not open it any more.",
    remedy: "Follow the steps in the message, which change it where the data is.",
  },
  "HL-SECRET-BY-HAND": {
    meaning:
      "A deployment alone does not bring a new value of the secret to where it is used. Nothing was changed.",
    remedy: "Read the steps in the message, repeat with --force, then follow them.",
  },
  "HL-REGISTRY-LOGIN": {
    meaning: "The file in which docker keeps the logins at registries cannot be understood.",
    remedy: "Mend it or move it away; public images need no login.",
  },
  "HL-IMAGE-UPDATE": {
    meaning:
      "A source changed while another version of an image was being written into it. Nothing was written.",
    remedy: "Repeat the command, or change the line by hand.",
  },
  // The sandbox
  "HL-IMAGES-PUSH": {
    meaning: "The sandbox's registry did not take an image.",
    remedy: "Its answer is in the message; `npx homelab sandbox status` says whether it runs.",
  },
  "HL-IMAGES-ROOT": {
    meaning: "Building the sandbox's images needs root.",
    remedy: "Run the command with sudo.",
  },
  "HL-IMAGES-TOOLS": {
    meaning: "Programs that build the sandbox's images are missing.",
    remedy: "Install the packages that the message names.",
  },
  "HL-SANDBOX-BOOT": {
    meaning: "A machine of the sandbox did not get ready in time.",
    remedy: "Read its console, whose file the message names.",
  },
  "HL-SANDBOX-BUSY": {
    meaning: "Another process is bringing this sandbox up or down.",
    remedy: "Wait for it to end.",
  },
  "HL-SANDBOX-COMMAND": {
    meaning: "A program that the sandbox needs failed on this computer.",
    remedy: "Its last words are in the message.",
  },
  "HL-SANDBOX-DEPLOY": {
    meaning: "`pulumi up` of a stack failed in the sandbox.",
    remedy: "Pulumi's output stands above the message.",
  },
  "HL-SANDBOX-DOWN": {
    meaning: "The command needs the sandbox, which is not up.",
    remedy: "npx homelab sandbox up",
  },
  "HL-SANDBOX-EXPORTS": {
    meaning:
      "The NAS of the sandbox could not change how it treats its exports, or nobody mounts them.",
    remedy: "Its answer is in the message; `npx homelab sandbox status` says how it is.",
  },
  "HL-SANDBOX-FOLDER": {
    meaning: "HOMELAB_SANDBOX names a folder that cannot hold a sandbox.",
    remedy: "Choose a short path of plain characters.",
  },
  "HL-SANDBOX-KILL": {
    meaning: "Processes of a machine did not end.",
    remedy: "Run `npx homelab sandbox down` again.",
  },
  "HL-SANDBOX-MACHINE": {
    meaning: "The sandbox has no machine of that name.",
    remedy: "The machines are vps, nas and docker-vm.",
  },
  "HL-SANDBOX-NETWORK": {
    meaning: "The sandbox's network is in use, or HOMELAB_SANDBOX_NET is not a network for it.",
    remedy: "Set HOMELAB_SANDBOX_NET to a free one, e.g. 198.18.78.",
  },
  "HL-SANDBOX-OFF": {
    meaning: "The machine is off.",
    remedy: "npx homelab sandbox up",
  },
  "HL-SANDBOX-POWER": {
    meaning: "A machine that was switched off is still on.",
    remedy: "Read supervisor.log in the sandbox's folder.",
  },
  "HL-SANDBOX-REGISTRY": {
    meaning: "The sandbox's registry does not answer.",
    remedy: "Read its log, which the message names, or run `npx homelab sandbox up`.",
  },
  "HL-SANDBOX-ROOT": {
    meaning: "The sandbox needs root, or the root file system of its machines.",
    remedy: "Run the command with sudo; if the cache is gone, take the sandbox down and up again.",
  },
  "HL-SANDBOX-SOURCES": {
    meaning: "apt on this computer has no package source for its own release.",
    remedy: "Add one below /etc/apt and run apt-get update.",
  },
  "HL-SANDBOX-SYSTEM": {
    meaning: "The sandbox runs on Debian and Ubuntu, and this is neither.",
    remedy: "Use a virtual machine with one of them.",
  },
  // The benchmark and the soak run
  "HL-BENCH": {
    meaning: "A step of the benchmark failed, or a service was not healthy after it.",
    remedy: "The last words of what ran, or the services, are in the message.",
  },
  "HL-SOAK": {
    meaning:
      "The soak run could not go on: the machine did not come back in time, or nothing there starts the containers.",
    remedy: "`npx homelab sandbox status` says how the machine is; then start the run again.",
  },
};

/** The page docs/reference/errors.md. */
export function errorsPage(): string {
  const sections = Object.entries(ERRORS).map(
    ([code, { meaning, remedy }]) => `## ${code}\n\n${meaning}\n\n**What to do:** ${remedy}\n`,
  );
  return `# Error codes

Every error is printed as \`error <code>: <message>\`, or \`error <code> on <host>: <message>\`. Exit
code 2 means that the input has to change, 1 that something failed. With \`--json\` the same is
printed for programs, too ([how](json.md)).

This page is written from \`model/error-catalogue.ts\`: \`npx vitest run --project unit test/model/error-catalogue.test.ts -u\`.

${sections.join("\n")}`;
}
