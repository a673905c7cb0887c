// micro list                    names of the cases and their two numbers of repetitions, one a line
// micro run NAME TIMES FOLDER   repeats a case; a database is made in FOLDER
// micro time FOLDER [NAME]      nanoseconds of CPU per repetition, for eyes: clocks are noisy, instructions are not

let words = Array(CommandLine.arguments.dropFirst())
switch words.first {
case "run" where words.count == 4:
    try await known(cases.first { $0.name == words[1] }).prepare(words[3])(try known(Int(words[2])))
case "time" where words.count >= 2:
    for one in cases where words.count == 2 || one.name == words[2] {
        let step = try await one.prepare(words[1])
        let times = one.long * one.clockFactor
        let began = processTime()
        try await step(times)
        print(one.name, (processTime() - began) / times, "ns")
    }
default:
    for one in cases { print(one.name, one.short, one.long, separator: "\t") }
}
