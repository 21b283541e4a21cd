namespace Portal.Web.Features.Updates.Rules;

/// <summary>What came of taking what rules say.</summary>
/// <param name="Revision">The revision to deploy; null where nothing is new.</param>
/// <param name="Text">What changed, for people.</param>
/// <param name="Problem">What stood against some of it; empty for nothing.</param>
internal sealed record TakenImages(int? Revision, string Text, string Problem)
{
    public static TakenImages None { get; } = new(null, "", "");
}
