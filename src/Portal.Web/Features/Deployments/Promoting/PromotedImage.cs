namespace Portal.Web.Features.Deployments.Promoting;

/// <summary>What a promotion does to a service's image.</summary>
/// <param name="Service">The service, in both stacks.</param>
/// <param name="Before">The image by digest with which it runs in the target; empty where it does not run there yet.</param>
/// <param name="After">The image by digest that it gets.</param>
public sealed record PromotedImage(string Service, string Before, string After)
{
    /// <value>The bytes are the same, whatever registry they came from.</value>
    public bool IsSame => Before.Length > 0 && DigestOf(Before) == DigestOf(After);

    private static string DigestOf(string image) => image[(image.IndexOf('@', StringComparison.Ordinal) + 1)..];
}
