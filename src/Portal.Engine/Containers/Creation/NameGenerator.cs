using System.Security.Cryptography;

namespace Portal.Engine.Containers.Creation;

/// <summary>Makes up names such as <c>brisk_noether</c>.</summary>
internal static class NameGenerator
{
    private const int PlainTries = 8;

    /// <summary>A name that is free; after some clashes with a number at its end.</summary>
    public static string Next(Func<string, bool> isTaken)
    {
        for (var attempt = 0; ; attempt++)
        {
            var name = $"{Pick(NameWords.Qualities)}_{Pick(NameWords.Surnames)}";
            if (attempt >= PlainTries)
            {
                name += RandomNumberGenerator.GetInt32(10 * attempt);
            }

            if (!isTaken(name))
            {
                return name;
            }
        }
    }

    private static string Pick(string[] words) => words[RandomNumberGenerator.GetInt32(words.Length)];
}
