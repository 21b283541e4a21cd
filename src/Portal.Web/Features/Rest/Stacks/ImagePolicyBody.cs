using Portal.Web.Features.Updates.Policies;

namespace Portal.Web.Features.Rest.Stacks;

/// <summary>When a stack shall follow the tags of its images.</summary>
internal sealed class ImagePolicyBody
{
    /// <summary><c>off</c>, <c>at-once</c> or <c>daily</c>.</summary>
    public required ImagePolicyMode Mode { get; init; }

    /// <summary>For <c>daily</c>: the time of the day in UTC, as <c>03:00:00</c>.</summary>
    public TimeOnly At { get; init; } = ImagePolicyView.None.At;
}
