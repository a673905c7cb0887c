#!/usr/bin/env python3
"""counts.py check|renew - instructions per repetition of each micro benchmark, counted by valgrind.

A case runs twice with different numbers of repetitions; the difference of the two counts is what the repetitions cost,
without the start of the process. Hashing is made deterministic, so a count repeats within 0.1 % on a busy machine too.
check compares with counts.json and fails where a case is more than 5 % off; renew writes counts.json."""
import concurrent.futures, json, os, pathlib, re, shutil, subprocess, sys, tempfile

HERE = pathlib.Path(__file__).resolve().parent
KEPT = HERE / "counts.json"
TOLERANCE = 0.05


def said(*command):
    done = subprocess.run(command, capture_output=True, text=True)
    return done.stdout + done.stderr if done.returncode == 0 else ""


def basis():
    """What the counts depend on besides our sources: with another of these they are other counts."""
    swift = re.search(r"Swift version (\S+)", said("swift", "--version"))
    flags = re.search(r"^flags\s*:(.*)$", pathlib.Path("/proc/cpuinfo").read_text(), re.M)
    return {
        "swift": swift.group(1) if swift else "unknown",
        "sqlite": said("pkg-config", "--modversion", "sqlite3").strip() or "unknown",
        "machine": os.uname().machine + (" avx2" if flags and " avx2" in flags.group(1) else ""),
    }


def build():
    # One file with nothing of the toolchain's to load, and without debug information: valgrind stumbles over Swift's.
    command = ["swift", "build", "-c", "release", "--static-swift-stdlib", "--package-path", str(HERE),
               "--explicit-target-dependency-import-check", "error"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr + "\nThe micro benchmarks do not build.")
    return HERE / ".build/release/micro"


def instructions(binary, name, times):
    with tempfile.TemporaryDirectory() as folder:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", str(binary), "run", name, str(times), folder],
            capture_output=True, text=True, env={**os.environ, "SWIFT_DETERMINISTIC_HASHING": "1"})
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found:
        sys.exit(f"{name}: {done.stdout}{done.stderr}")
    return int(found.group(1))


def count(binary):
    rows = [line.split("\t") for line in said(str(binary), "list").splitlines()]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        runs = {name: [pool.submit(instructions, binary, name, int(times)) for times in (short, long)]
                for name, short, long in rows}
        return {name: round((runs[name][1].result() - runs[name][0].result()) / (int(long) - int(short)))
                for name, short, long in rows}


def counted():
    binary = build()
    with tempfile.TemporaryDirectory() as folder:
        bare = pathlib.Path(folder) / "micro"
        subprocess.run(["strip", "-o", str(bare), str(binary)], check=True)
        return count(bare)


def judge(kept, now):
    """Lines for people, and whether all is as it was."""
    lines, well = [], True
    for name in sorted(kept.keys() | now.keys()):
        was, new = kept.get(name), now.get(name)
        if was is None or new is None:
            word, change = ("is not in counts.json" if was is None else "is gone"), ""
        else:
            share = (new - was) / was
            change = f"{share:+.1%}"
            word = "" if abs(share) <= TOLERANCE else "GREW" if share > 0 else "shrank"
        well = well and not word
        lines.append(f"{name:34} {was or '-':>10} {new or '-':>10} {change:>8}  {word}".rstrip())
    return lines, well


def main():
    if shutil.which("valgrind") is None:
        if sys.argv[1:] == ["renew"]:
            sys.exit("valgrind is missing: make setup-tests")
        print("instruction counts: NOT CHECKED, valgrind is missing (make setup-tests)")
        return
    ground = basis()
    if sys.argv[1:] == ["renew"]:
        KEPT.write_text(json.dumps({"basis": ground, "instructions": counted()}, indent=2, ensure_ascii=False) + "\n")
        print(KEPT.read_text(), end="")
        return
    kept = json.loads(KEPT.read_text())
    if kept["basis"] != ground:
        print(f"instruction counts: NOT CHECKED, they were taken on {kept['basis']}, this is {ground}")
        return
    lines, well = judge(kept["instructions"], counted())
    print(f"{'instructions per repetition':34} {'committed':>10} {'now':>10} {'change':>8}")
    print("\n".join(lines))
    if not well:
        sys.exit(f"More than {TOLERANCE:.0%} off. If it was meant: make counts, and say why in the commit.")


main()
