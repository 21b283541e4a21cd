namespace Portal.Web.Features.Stacks.Git;

/// <summary>What git and servers say, made fit for people: bounded, without control characters, with what helps.</summary>
internal static class GitWords
{
    private const int Longest = 600;

    // What git says of it, and what helps.
    private static readonly (string Said, string Helps)[] s_advice =
    [
        ("could not read Username", N("The server wants a login that may read the repository, or another than was given.")),
        ("Authentication failed", N("The server wants a login that may read the repository, or another than was given.")),
        ("Permission denied (",
            N("The server does not take this key: add its public half to the server, as one that may read the repository.")),
        ("Host key verification failed",
            N("The server shows another key than those that were accepted. If it was set up anew, read its keys again and compare them; "
            + "otherwise somebody may be in between.")),
        ("certificate", N("Its certificate is not from who the portal trusts: give the certificate of the authority that signed it.")),
        ("redirect", N("The server sends on to another address, which is not followed: enter that one.")),
        ("The requested URL returned error: 30", N("The server sends on to another address, which is not followed: enter that one.")),
        ("couldn't find remote ref", N("Look at the name of the branch, tag or commit.")),
        ("not our ref", N("The server has no such commit, or does not give it out by its name: take a branch or a tag.")),
        ("not found", N("Look at the address, and whether the login may read the repository.")),
        ("File size limit exceeded", N("The repository is larger than what is fetched for a stack.")),
        ("Permission denied", N("The server does not take this login.")),
        ("Timeout", N("Nobody answers there in time: look at the address and at firewalls in between.")),
        ("timed out", N("Nobody answers there in time: look at the address and at firewalls in between.")),
        ("Could not connect", N("Nobody answers there: look at the address and at firewalls in between.")),
    ];

    public static string Explain(string said)
    {
        var words = string.Join(' ', said.Split('\n').Select(Line).Where(line => line.Length > 0));
        words = words.Length > Longest ? words[..Longest] + "…" : words;
        var helps = s_advice.FirstOrDefault(entry => said.Contains(entry.Said, StringComparison.OrdinalIgnoreCase)).Helps;
        return helps is null ? words : $"{words} {helps}";
    }

    /// <summary>One line without control characters, cut to a length.</summary>
    public static string Plain(string text, int longest)
    {
        var plain = string.Concat(text.Where(letter => !char.IsControl(letter) && !IsDirection(letter))).Trim();
        if (plain.Length <= longest)
        {
            return plain;
        }

        // Not within a character that is two.
        return plain[..(char.IsHighSurrogate(plain[longest - 2]) ? longest - 2 : longest - 1)] + "…";
    }

    // Marks that turn the direction of what follows: a subject could look like another one.
    private static bool IsDirection(char letter) => letter is (>= '\u202A' and <= '\u202E') or (>= '\u2066' and <= '\u2069');

    private static string Line(string line)
    {
        var plain = Plain(line.Replace("fatal: ", "", StringComparison.Ordinal).Replace("remote: ", "", StringComparison.Ordinal), Longest);
        return plain.Length > 0 && char.IsLetterOrDigit(plain[^1]) ? plain + "." : plain;
    }
}
