using Grpc.Core;
using Portal.Web.Features.NodeCalls;

namespace Portal.Web.Features.Containers.Create;

/// <summary>Finds the field that a node's refusal is about, so that it is shown beside what caused it.</summary>
internal static class RefusedField
{
    /// <summary>The name of a property of <see cref="CreateContainerForm"/>, or empty when it is about none of them.</summary>
    public static string Of(NodeCallException refusal)
    {
        var text = refusal.Message;
        return refusal.StatusCode switch
        {
            StatusCode.NotFound when Has("image") => nameof(CreateContainerForm.Image),
            _ when Has("container name") && Has("in use") => nameof(CreateContainerForm.Name),
            _ when Has("port is already allocated") || Has("address already in use") || Has("bind for") => nameof(CreateContainerForm.Ports),
            _ when Has("executable file not found") || Has("no such file or directory") || Has("permission denied") =>
                nameof(CreateContainerForm.Command),
            _ => "",
        };

        bool Has(string words) => text.Contains(words, StringComparison.OrdinalIgnoreCase);
    }
}
