namespace Portal.Web.Features.Stacks;

/// <summary>Takes values that are not shown again out of texts for people.</summary>
internal static class SecretText
{
    // What is shorter is no secret, and is in too many words.
    private const int ShortestSecret = 4;

    public static string Hide(string text, IEnumerable<string> values) =>
        values.Where(value => value.Length >= ShortestSecret)
            .Aggregate(text, (hidden, value) => hidden.Replace(value, "•••", StringComparison.Ordinal));
}
