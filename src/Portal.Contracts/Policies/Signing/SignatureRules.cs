namespace Portal.Contracts.Policies.Signing;

/// <summary>Which rules on signatures hold for an image.</summary>
public static class SignatureRules
{
    /// <summary>
    /// Of a policy's rules the one that holds for a repository: that whose pattern is closest, a whole registry before a domain, then the longer
    /// path. Null when none covers it.
    /// </summary>
    public static SignatureRule? RuleFor(IReadOnlyList<SignatureRule>? rules, string repository) =>
        rules?.Where(rule => rule.Covers(repository)).MaxBy(Closeness);

    /// <summary>The keys by which an image of a repository may have been signed to please the policies; none when no policy asks.</summary>
    public static IReadOnlyList<SigningKey> KeysFor(IEnumerable<Policy> policies, string repository)
    {
        ArgumentNullException.ThrowIfNull(policies);
        return
        [
            .. policies.Select(policy => RuleFor(policy.Rules.Signatures, repository))
                .Where(rule => rule is { AllowUnsigned: false })
                .SelectMany(rule => KeysOf(rule!)).DistinctBy(key => key.Fingerprint),
        ];
    }

    /// <summary>Whether a policy wants images of a repository signed.</summary>
    public static bool AreWanted(IEnumerable<Policy> policies, string repository) =>
        policies.Any(policy => RuleFor(policy.Rules.Signatures, repository) is { AllowUnsigned: false });

    /// <summary>A rule's keys. One that can't be read, from a portal that knows more kinds, signs nothing here.</summary>
    public static IEnumerable<SigningKey> KeysOf(SignatureRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        foreach (var text in rule.Keys ?? [])
        {
            if (SigningKey.TryParse(text, out var key, out _))
            {
                yield return key;
            }
        }
    }

    private static (int, int, int, int) Closeness(SignatureRule rule)
    {
        var slash = rule.Image.IndexOf('/', StringComparison.Ordinal);
        var (host, path) = slash < 0 ? ("", "") : (rule.Image[..slash], rule.Image[(slash + 1)..]);
        return (host.StartsWith('*') || host.Length == 0 ? 0 : 1, host.Length, path.EndsWith('*') ? 0 : 1, path.Length);
    }
}
