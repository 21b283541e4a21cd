using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>Rules and what they find, for people.</summary>
internal static class ImageRuleText
{
    public static string Of(TagRule rule)
    {
        var text = rule.Order switch
        {
            TagOrder.Version when rule.PreReleases =>
                T("version {0}, with pre-releases", rule.Range.Length > 0 ? rule.Range : "*"),
            TagOrder.Version => T("version {0}", rule.Range.Length > 0 ? rule.Range : "*"),
            TagOrder.Number => T("the highest number"),
            TagOrder.Date => T("the newest date"),
            _ => T("the last by the alphabet"),
        };
        return rule.Pattern.Length > 0 ? T("{0}, of {1}", text, rule.Pattern) : text;
    }

    public static string Of(TagReason reason) => reason switch
    {
        TagReason.NotATag => T("no tag"),
        TagReason.Pattern => T("the pattern does not match"),
        TagReason.NotAVersion => T("no semantic version"),
        TagReason.PreRelease => T("a pre-release"),
        TagReason.OutsideRange => T("outside of the range"),
        TagReason.NotANumber => T("no number"),
        TagReason.NotADate => T("no date"),
        _ => "",
    };

    /// <summary>Why a service stays with what it has.</summary>
    public static string Why(FollowedChoice found) => found.Choice switch
    {
        null or { IsTaken: true } => "",
        { CountingAll: 0 } => T("No tag counts."),
        { Newest: var newest } when found.Service.Taken.Length > 0 && !found.Service.Now.EndsWith($":{newest}", StringComparison.Ordinal) =>
            T("{0} was taken before and gone back from; a newer one will be taken.", found.Service.Taken),
        _ => T("It has the newest."),
    };
}
