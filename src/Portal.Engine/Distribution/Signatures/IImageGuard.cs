namespace Portal.Engine.Distribution.Signatures;

/// <summary>
/// Says no to images before they are pulled or built upon. The engine has none of its own: whoever hosts it may register one. It is called in the
/// flow of the call that wants the image.
/// </summary>
public interface IImageGuard
{
    /// <summary>Decides on a pull when its manifest is known, before anything of it is written.</summary>
    /// <returns>The signatures that it verified, which are kept with the image.</returns>
    /// <exception cref="Errors.EngineException">It says no.</exception>
    Task<IReadOnlyList<VerifiedSignature>> CheckPullAsync(PulledImage image, CancellationToken cancellationToken);

    /// <summary>Decides on an image that a build begins with or copies from, be it just pulled or here before.</summary>
    /// <exception cref="Errors.EngineException">It says no.</exception>
    Task CheckUseAsync(UsedImage image, CancellationToken cancellationToken);
}
