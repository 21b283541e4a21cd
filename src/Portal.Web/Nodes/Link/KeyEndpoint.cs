using Portal.Contracts.Link;
using Portal.Web.Nodes.Storage;

namespace Portal.Web.Nodes.Link;

/// <summary>Takes the key that a node wants to sign in with from now on; <see cref="KeyOffer"/> tells the steps.</summary>
internal sealed class KeyEndpoint(INodeStore store, NodeKeyStore keys)
{
    private const int MaximumSignature = 128;

    public async Task<IResult> HandleAsync(KeyOffer offer, HttpContext context)
    {
        var nodeId = context.User.GetNodeId();
        var node = await store.FindAsync(nodeId, context.RequestAborted);
        var message = KeyOffer.MessageToSign(nodeId, context.User.GetNonce(), offer.PublicKey ?? "");
        if (node is null || !NodePublicKey.TryRead(offer.PublicKey, out var offered)
            || !IsSigned(offered, message, offer.Signature) || !IsSigned(node.PublicKey, message, offer.Consent))
        {
            return Results.Problem(
                "This is no P-256 key, or it was not signed by itself and by the key in use.",
                statusCode: StatusCodes.Status400BadRequest);
        }

        if (node.PublicKey.AsSpan().SequenceEqual(offered))
        {
            return Results.Ok();
        }

        return await keys.OfferAsync(nodeId, node.PublicKey, offered, context.RequestAborted)
            ? Results.Accepted()
            : Results.Problem("The key of this node was replaced meanwhile.", statusCode: StatusCodes.Status409Conflict);
    }

    private static bool IsSigned(byte[] key, byte[] message, string? signature)
    {
        var bytes = new byte[MaximumSignature];
        return signature is { Length: <= MaximumSignature }
            && Convert.TryFromBase64String(signature, bytes, out var length)
            && length == LinkProof.SignatureLength
            && NodePublicKey.Verify(key, message, bytes.AsSpan(0, length));
    }
}
