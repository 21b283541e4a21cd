using System.Text.RegularExpressions;
using Portal.Contracts.Policies;
using Portal.Contracts.Policies.Signing;

namespace Portal.Web.Features.Policies;

/// <summary>Images that must be signed, on the page of a policy: the keys are one text, one PEM block after the other.</summary>
public sealed partial class SignatureRow
{
    public string Image { get; set; } = "";

    public string Keys { get; set; } = "";

    public bool AllowUnsigned { get; set; }

    public bool IsEmpty => Image.Trim().Length == 0 && Keys.Trim().Length == 0;

    /// <summary>Each key: its kind and fingerprint, or why it is none.</summary>
    public IEnumerable<(string Text, bool IsGood)> Described => KeyTexts().Select(text =>
        SigningKey.TryParse(text, out var key, out var problem) ? ($"{key.Kind}, {key.Short}", true) : (problem, false));

    public static SignatureRow Of(SignatureRule rule) => new()
    {
        Image = rule.Image, Keys = string.Join("\n", (rule.Keys ?? []).Select(key => key.Trim())), AllowUnsigned = rule.AllowUnsigned,
    };

    public SignatureRule ToRule() => new(Image.Trim(), AllowUnsigned ? null : KeyTexts(), AllowUnsigned);

    // What stands after the last block is no key, and is told as such.
    private List<string> KeyTexts() =>
        [.. BlockEnd().Split(Keys).Select(part => part.Trim()).Where(part => part.Length > 0)];

    [GeneratedRegex("(?<=-----END [A-Z0-9 ]{1,60}-----)", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex BlockEnd();
}
