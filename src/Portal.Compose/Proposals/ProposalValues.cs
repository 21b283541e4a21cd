using System.Text.RegularExpressions;

namespace Portal.Compose.Proposals;

/// <summary>Takes what looks secret out of the file: it becomes a variable whose value is kept apart.</summary>
internal sealed partial class ProposalValues
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, string> All => _values;

    /// <returns>The variable that stands for it; null for what is no secret by its name.</returns>
    public string? Hide(string service, string name, string value)
    {
        if (value.Length == 0 || !SecretNames().IsMatch(name) || NotSecret().IsMatch(name))
        {
            return null;
        }

        var plain = NotOfVariables().Replace($"{service}_{name}".ToUpperInvariant(), "_");
        var variable = char.IsAsciiDigit(plain[0]) ? "_" + plain : plain;
        for (var number = 2; _values.TryGetValue(variable, out var other) && other != value; number++)
        {
            variable = $"{plain}_{number}";
        }

        _values[variable] = value;
        return variable;
    }

    [GeneratedRegex("PASS|SECRET|TOKEN|PRIVATE|CREDENTIAL|API_?KEY|ACCESS_?KEY|_KEY$|_DSN$|DATABASE_URL", RegexOptions.IgnoreCase)]
    private static partial Regex SecretNames();

    // Where a secret is, and not what it is.
    [GeneratedRegex("_FILE$|_PATH$|_DIR$", RegexOptions.IgnoreCase)]
    private static partial Regex NotSecret();

    [GeneratedRegex("[^A-Z0-9_]")]
    private static partial Regex NotOfVariables();
}
