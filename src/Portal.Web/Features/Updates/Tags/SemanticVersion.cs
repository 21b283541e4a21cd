using System.Numerics;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>A version as semver.org 2.0.0 has it: three numbers, what comes before a release, and nothing else that counts.</summary>
internal sealed class SemanticVersion : IComparable<SemanticVersion>
{
    private const int Longest = 256;
    private readonly string[] _before;

    public SemanticVersion(BigInteger major, BigInteger minor, BigInteger patch, params string[] before) =>
        (Major, Minor, Patch, _before) = (major, minor, patch, before);

    public BigInteger Major { get; }

    public BigInteger Minor { get; }

    public BigInteger Patch { get; }

    public bool IsPreRelease => _before.Length > 0;

    /// <summary>
    /// Reads one, strictly: no leading zeros, no part left out. The <c>v</c> that many put before it is let through, as in Git's tags.
    /// </summary>
    /// <returns>Null for what is none.</returns>
    public static SemanticVersion? Parse(string text)
    {
        if (text.Length is 0 or > Longest)
        {
            return null;
        }

        var rest = text[0] is 'v' or 'V' ? text[1..] : text;
        var plus = rest.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0 && !rest[(plus + 1)..].Split('.').All(IsIdentifier))
        {
            return null;
        }

        rest = plus < 0 ? rest : rest[..plus];
        var dash = rest.IndexOf('-', StringComparison.Ordinal);
        var before = dash < 0 ? [] : rest[(dash + 1)..].Split('.');
        var numbers = (dash < 0 ? rest : rest[..dash]).Split('.');
        return numbers.Length == 3 && numbers.All(IsNumber) && before.All(part => IsIdentifier(part) && (!IsDigits(part) || IsNumber(part)))
            ? new SemanticVersion(Number(numbers[0]), Number(numbers[1]), Number(numbers[2]), before) : null;
    }

    /// <summary>Whether the three numbers are the same.</summary>
    public bool IsOfSameRelease(SemanticVersion other) => Major == other.Major && Minor == other.Minor && Patch == other.Patch;

    /// <summary>Section 11 of the specification; what stands after a plus does not count.</summary>
    public int CompareTo(SemanticVersion? other)
    {
        if (other is null)
        {
            return 1;
        }

        var order = Major.CompareTo(other.Major);
        order = order != 0 ? order : Minor.CompareTo(other.Minor);
        order = order != 0 ? order : Patch.CompareTo(other.Patch);
        if (order != 0 || (!IsPreRelease && !other.IsPreRelease))
        {
            return order;
        }

        // A release comes after all that came before it.
        return !IsPreRelease ? 1 : !other.IsPreRelease ? -1 : CompareBefore(_before, other._before);
    }

    internal static bool IsNumber(string part) => IsDigits(part) && (part.Length == 1 || part[0] != '0');

    internal static BigInteger Number(string digits) =>
        BigInteger.Parse(digits, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture);

    private static int CompareBefore(string[] one, string[] other)
    {
        for (var at = 0; at < Math.Min(one.Length, other.Length); at++)
        {
            var (isNumber, isOther) = (IsDigits(one[at]), IsDigits(other[at]));
            var order = isNumber && isOther ? Number(one[at]).CompareTo(Number(other[at]))
                : isNumber ? -1 : isOther ? 1 : string.CompareOrdinal(one[at], other[at]);
            if (order != 0)
            {
                return order;
            }
        }

        return one.Length.CompareTo(other.Length);
    }

    private static bool IsDigits(string part) => part.Length > 0 && part.All(char.IsAsciiDigit);

    private static bool IsIdentifier(string part) =>
        part.Length > 0 && part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter == '-');
}
