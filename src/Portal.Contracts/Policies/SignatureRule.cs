namespace Portal.Contracts.Policies;

/// <summary>Who must have signed images. Of a policy's rules the one whose pattern fits an image most closely holds for it.</summary>
/// <param name="Image">
/// Which images: a pattern of repositories (<see cref="ImagePattern"/>), such as <c>registry.example.com/team/*</c>, or <c>*</c> for all.
/// </param>
/// <param name="Keys">Public keys in PEM (<see cref="Signing.SigningKey"/>): a signature by any of them will do. At most 20.</param>
/// <param name="AllowUnsigned">These images need no signature: an exception to a wider pattern. Then there are no keys.</param>
public sealed record SignatureRule(string Image, IReadOnlyList<string>? Keys = null, bool AllowUnsigned = false)
{
    /// <summary>The pattern that covers every image.</summary>
    public const string AnyImage = "*";

    /// <summary>Whether it is about a repository as <see cref="ImagePattern.RepositoryOf"/> gives it.</summary>
    public bool Covers(string repository) => Image == AnyImage || ImagePattern.Covers(Image, repository);
}
