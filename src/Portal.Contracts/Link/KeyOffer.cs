using System.Text;

namespace Portal.Contracts.Link;

/// <summary>
/// A key that an agent wants to sign in with from now on: the body of <c>POST</c> <see cref="LinkProtocol.KeyPath"/>. The request itself
/// carries a <see cref="LinkProof"/>, made with the key in use or with the offered one.
/// </summary>
/// <remarks>
/// Offered with the key in use, the key is kept beside it and nothing else changes (HTTP 202). The first request that proves itself with
/// the offered key, to this path or another, puts it into the other's place; the old one is refused from then on (HTTP 200 here). Offering
/// the same key again is no error, so an agent that was interrupted begins again.
/// </remarks>
/// <param name="PublicKey">Base64 of the X.509 SubjectPublicKeyInfo of a P-256 key.</param>
/// <param name="Signature">Base64 of the offered key's signature of <see cref="MessageToSign"/>, form as in <see cref="LinkProof"/>.</param>
/// <param name="Consent">Base64 of the same message's signature by the key that the request was proved with.</param>
public sealed record KeyOffer(string PublicKey, string Signature, string Consent)
{
    /// <summary>
    /// The bytes that are signed: as in <see cref="LinkProof.MessageToSign"/> for this path, and the key. With it among them, a proof
    /// lets nobody put a key of his own in.
    /// </summary>
    /// <param name="nodeId">The node.</param>
    /// <param name="nonce">The nonce of the request's proof.</param>
    /// <param name="publicKey">The offered key, as in <see cref="PublicKey"/>.</param>
    public static byte[] MessageToSign(Guid nodeId, string nonce, string publicKey) =>
        [.. LinkProof.MessageToSign(LinkProtocol.KeyPath, nodeId, nonce), .. Encoding.UTF8.GetBytes($"\n{publicKey}")];
}
