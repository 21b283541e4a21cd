using System.Security.Cryptography;
using System.Text;

namespace Portal.Engine.Hosting;

/// <summary>Chain ids of layers (image-spec, <c>config.md</c>, "Layer ChainID").</summary>
internal static class LayerChain
{
    /// <summary>The chain id of each layer, lowest first.</summary>
    public static IEnumerable<string> Of(IEnumerable<string> diffIds)
    {
        string? chain = null;
        foreach (var diffId in diffIds)
        {
            chain = chain is null
                ? diffId
                : "sha256:" + Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes($"{chain} {diffId}")));
            yield return chain;
        }
    }
}
