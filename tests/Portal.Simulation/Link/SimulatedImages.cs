using Google.Protobuf.WellKnownTypes;
using Grpc.Core;
using Portal.Contracts.Images.V1;

namespace Portal.Simulation.Link;

/// <summary>The three images that every node has.</summary>
internal sealed class SimulatedImages : ImageService.ImageServiceBase
{
    private static readonly ListImagesResponse s_all = Make();

    public override Task<ListImagesResponse> ListImages(ListImagesRequest request, ServerCallContext context) => Task.FromResult(s_all);

    private static ListImagesResponse Make()
    {
        var all = new ListImagesResponse();
        foreach (var (name, digit) in new[] { ("nginx:1.27", '1'), ("postgres:16", '2'), ("ghcr.io/example/shop:4.2", '3') })
        {
            var image = new Image
            {
                Id = "sha256:" + new string(digit, 64),
                CreatedAt = Timestamp.FromDateTimeOffset(TimeProvider.System.GetUtcNow()),
                SizeBytes = 200_000_000,
                Containers = 16,
            };
            image.Names.Add(name);
            all.Images.Add(image);
        }

        return all;
    }
}
