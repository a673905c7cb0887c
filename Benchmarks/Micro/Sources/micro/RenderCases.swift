import Domain
import Rendering

let renderCases: [Case] = [
    .pure("render mail") {
        let template = try Samples.mail()
        return { _ in
            try template.render(
                .email, locale: "ru", variables: Samples.mailVariables, context: Samples.context)
        }
    },
    .pure("render sms") {
        let template = try Samples.sms()
        return { _ in
            try template.render(.sms, locale: "ru", variables: Samples.smsVariables, context: Samples.context)
        }
    },
    .pure("render messenger") {
        let template = try Samples.messenger()
        return { _ in
            try template.render(.max, locale: "ru", variables: Samples.mailVariables, context: Samples.context)
        }
    },
]
