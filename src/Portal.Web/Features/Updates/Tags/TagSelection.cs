using Portal.Web.Features.Stacks;

namespace Portal.Web.Features.Updates.Tags;

/// <summary>Chooses among the tags of a repository.</summary>
/// <remarks>Tags are of others: what is none is left out, and time grows with their number alone.</remarks>
internal static class TagSelection
{
    public const int MostTags = 100_000;

    private const int MostMilliseconds = 10_000;
    private const int MostShown = 20;
    private const int MostLeftOut = 200;
    private const int LongestShown = 128;

    /// <summary>Chooses.</summary>
    /// <param name="rule">The rule; it has no problems.</param>
    /// <param name="tags">All of the repository.</param>
    /// <param name="current">What the service has now; empty for what has no tag.</param>
    /// <param name="before">The newest that was taken by this rule before, whatever became of it; empty for none.</param>
    /// <exception cref="StackException">The pattern takes too long.</exception>
    public static TagChoice Choose(TagRule rule, IEnumerable<string> tags, string current, string before)
    {
        var read = rule.Reader();
        var counting = new List<(string Tag, TagKey Key)>();
        var (left, reasons) = (new List<LeftOutTag>(), new Dictionary<TagReason, int>());
        var began = Environment.TickCount64;
        foreach (var tag in tags.Take(MostTags))
        {
            if (Environment.TickCount64 - began > MostMilliseconds)
            {
                throw new StackException(
                    E("The pattern {0} takes too long with the tags of this repository. Write a simpler one.", rule.Pattern));
            }

            var (reason, key) = read(tag);
            if (key is not null)
            {
                counting.Add((tag, key));
                continue;
            }

            reasons[reason] = reasons.GetValueOrDefault(reason) + 1;
            if (left.Count < MostLeftOut)
            {
                left.Add(new LeftOutTag(Shown(tag), reason));
            }
        }

        counting.Sort((one, other) =>
            other.Key.CompareTo(one.Key) is var order and not 0 ? order : string.CompareOrdinal(one.Tag, other.Tag));
        var why = counting.Count == 0 ? N("No tag counts.") : WhyNot(counting[0], current, before, read);
        return new TagChoice(
            counting.Count > 0 ? counting[0].Tag : "", why.Length == 0, why, [.. counting.Take(MostShown).Select(one => one.Tag)],
            counting.Count, left, reasons);
    }

    private static string WhyNot(
        (string Tag, TagKey Key) newest, string current, string before, Func<string, (TagReason Reason, TagKey? Key)> read)
    {
        if (newest.Tag == current)
        {
            return N("The service has it.");
        }

        // A tag that was taken and gone back from is not taken again, and one that vanished from the registry is no reason to go back.
        if (read(current).Key is { } has && has.CompareTo(newest.Key) >= 0)
        {
            return N("What the service has is as new.");
        }

        return read(before).Key is { } taken && taken.CompareTo(newest.Key) >= 0
            ? E("It was taken before ({0:name}), and the service went back from it. A newer one will be taken.", before) : "";
    }

    private static string Shown(string tag)
    {
        var letters = tag.Take(LongestShown).Select(letter => letter is > ' ' and < '\x7f' ? letter : '�');
        return string.Concat(letters) + (tag.Length > LongestShown ? "…" : "");
    }
}
