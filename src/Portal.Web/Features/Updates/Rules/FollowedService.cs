using Portal.Web.Features.Updates.Tags;

namespace Portal.Web.Features.Updates.Rules;

/// <summary>A service and the rule that its image follows.</summary>
/// <param name="Service">Its name.</param>
/// <param name="Image">What the files name.</param>
/// <param name="Now">What it has.</param>
/// <param name="Rule">Null for none: then it stays with its tag.</param>
/// <param name="IsOfFiles">Whether its labels say the rule, which then is the one that holds.</param>
/// <param name="Problem">What is wrong with the rule of its labels, or why it can't hold; empty for nothing.</param>
/// <param name="Taken">The newest tag that was taken by the rule; empty for none.</param>
/// <param name="TakenAt">When.</param>
/// <param name="Owner">Who set the rule; empty where the files say it.</param>
internal sealed record FollowedService(
    string Service, string Image, string Now, TagRule? Rule, bool IsOfFiles, string Problem, string Taken, DateTimeOffset? TakenAt,
    string Owner);
