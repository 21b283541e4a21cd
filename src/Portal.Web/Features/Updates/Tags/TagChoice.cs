namespace Portal.Web.Features.Updates.Tags;

/// <summary>What a rule finds among the tags of a repository.</summary>
/// <param name="Newest">The newest of those that count; empty where none does.</param>
/// <param name="IsTaken">Whether a service that has the tag of now would get it.</param>
/// <param name="Why">Why not.</param>
/// <param name="Counting">The newest of those that count, newest first.</param>
/// <param name="CountingAll">How many count.</param>
/// <param name="LeftOut">Some of those that don't.</param>
/// <param name="Reasons">How many don't, and why.</param>
internal sealed record TagChoice(
    string Newest, bool IsTaken, string Why, IReadOnlyList<string> Counting, int CountingAll, IReadOnlyList<LeftOutTag> LeftOut,
    IReadOnlyDictionary<TagReason, int> Reasons);
