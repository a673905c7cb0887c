/// A defect planted on purpose: a simulator that does not find it within some seeds is worth nothing. Each is one line of
/// `Books`, and together they break every invariant that the worlds are judged by.
package enum Flaw: String, Sendable, CaseIterable {
    /// An acceptance is acknowledged and not kept.
    case losesMessages
    /// What was tried is not written down.
    case forgetsAttempts
    /// A death after `began` is taken for one before it.
    case forgetsBegan
    /// A client that asks again gets a second message.
    case ignoresKeys
    /// What was under way when a process died is sent again, whatever its purpose says.
    case repeatsUnknown
    /// A message may end in a word that denies an earlier copy.
    case forgetsReach
    /// A withdrawal between permit and first byte does not count.
    case ignoresBooks
    /// A begun message is not looked at again when its time is over.
    case ignoresExpiry
    /// A claim carries the words of another message.
    case mixesWords
    /// A worker whose claim was given to another one may still settle it.
    case ignoresTokens
    /// A lease ends while its worker still waits for the answer.
    case endsLeasesEarly
    /// What happened is told twice.
    case tellsTwice
}
