namespace Portal.Web.Features.Updates.Policies;

/// <summary>A stack's policy as people see it.</summary>
/// <param name="Mode">When it follows.</param>
/// <param name="At">The time of the day in UTC, for <see cref="ImagePolicyMode.Daily"/>.</param>
/// <param name="Owner">Who set it; empty where nobody did.</param>
/// <param name="TriedAt">When it last deployed; null for never.</param>
/// <param name="DeploymentId">That deployment.</param>
public sealed record ImagePolicyView(ImagePolicyMode Mode, TimeOnly At, string Owner, DateTimeOffset? TriedAt, Guid? DeploymentId)
{
    /// <value>What stood against following rules when they were last looked at; empty for nothing.</value>
    public string Problem { get; init; } = "";

    public static ImagePolicyView None { get; } = new(ImagePolicyMode.Off, new TimeOnly(3, 0), "", null, null);
}
