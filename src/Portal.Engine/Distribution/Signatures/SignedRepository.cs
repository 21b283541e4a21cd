using Portal.Engine.Images;

namespace Portal.Engine.Distribution.Signatures;

/// <summary>Registry and repository in the one form in which they are compared: hosts are the same in capitals.</summary>
internal static class SignedRepository
{
    public static string Of(ImageReference reference) => $"{reference.Domain.ToLowerInvariant()}/{reference.Path}";
}
