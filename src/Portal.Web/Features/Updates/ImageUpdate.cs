namespace Portal.Web.Features.Updates;

/// <summary>What is known of a newer image for a container.</summary>
/// <param name="State">How it stands.</param>
/// <param name="Digest">What the registry has under the tag; empty when that is not known.</param>
/// <param name="CheckedAt">When the registry last answered.</param>
/// <param name="Error">Why the last look failed; empty when it did not.</param>
public sealed record ImageUpdate(UpdateState State, string Digest = "", DateTimeOffset? CheckedAt = null, string Error = "")
{
    public static ImageUpdate Unknown { get; } = new(UpdateState.Unknown);

    public bool IsAvailable => State == UpdateState.Available;
}
