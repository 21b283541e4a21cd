using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace Portal.Contracts.Link;

/// <summary>
/// How an agent proves itself on one connection: the parameter of the <c>Authorization</c> header with the scheme
/// <see cref="LinkProtocol.AuthorizationScheme"/>, <c>node=ID,nonce=BASE64URL,signature=BASE64URL</c>.
/// </summary>
/// <param name="NodeId">Who the agent says it is.</param>
/// <param name="Nonce">The nonce, as the portal gave it.</param>
/// <param name="Signature">ECDSA P-256 over SHA-256 of <see cref="MessageToSign"/>, IEEE P1363 form, 64 bytes.</param>
public sealed record LinkProof(Guid NodeId, string Nonce, ReadOnlyMemory<byte> Signature)
{
    /// <summary>Bytes of a signature.</summary>
    public const int SignatureLength = 64;

    /// <summary>Most characters that a parameter may have.</summary>
    public const int MaximumLength = 512;

    /// <summary>
    /// The bytes that are signed: the protocol, the path of the connection that it is for, the node and the nonce. The path is among
    /// them, so that a proof for one connection is none for the other.
    /// </summary>
    /// <param name="path"><see cref="LinkProtocol.ReversePath"/> or <see cref="LinkProtocol.TelemetryPath"/>.</param>
    /// <param name="nodeId">The node.</param>
    /// <param name="nonce">The nonce, as the portal gave it.</param>
    public static byte[] MessageToSign(string path, Guid nodeId, string nonce)
    {
        return Encoding.UTF8.GetBytes($"portal-link-v{LinkProtocol.Version}\n{path}\n{nodeId:D}\n{nonce}");
    }

    /// <summary>Reads a header's parameter strictly.</summary>
    /// <param name="parameter">What came after the scheme.</param>
    /// <param name="proof">The proof, when it has the form of one. Nothing is verified yet.</param>
    /// <returns>False when it does not have that form.</returns>
    public static bool TryParse(string? parameter, [NotNullWhen(true)] out LinkProof? proof)
    {
        proof = null;
        if (parameter is null || parameter.Length > MaximumLength)
        {
            return false;
        }

        var parts = parameter.Split(',');
        if (parts is not [var node, var nonce, var signature]
            || !TryTake(node, "node=", out var nodeText) || !Guid.TryParseExact(nodeText, "D", out var nodeId)
            || !TryTake(nonce, "nonce=", out var nonceText) || nonceText.Length == 0
            || !TryTake(signature, "signature=", out var signatureText))
        {
            return false;
        }

        var bytes = new byte[SignatureLength + 3];
        if (Base64Url.DecodeFromChars(signatureText, bytes, out _, out var length) != OperationStatus.Done || length != SignatureLength)
        {
            return false;
        }

        proof = new LinkProof(nodeId, nonceText, bytes.AsMemory(0, length));
        return true;
    }

    /// <summary>The header's parameter.</summary>
    public override string ToString()
    {
        return $"node={NodeId:D},nonce={Nonce},signature={Base64Url.EncodeToString(Signature.Span)}";
    }

    private static bool TryTake(string part, string name, out string value)
    {
        var matches = part.StartsWith(name, StringComparison.Ordinal);
        value = matches ? part[name.Length..] : "";
        return matches;
    }
}
