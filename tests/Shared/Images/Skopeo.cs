using Portal.Testing.Processes;

namespace Portal.Testing.Images;

/// <summary>Copies images with skopeo, a peer that is not ours.</summary>
public static class Skopeo
{
    /// <summary><c>skopeo copy</c>, with plain HTTP allowed on both sides.</summary>
    public static Task CopyAsync(string source, string destination, params string[] options)
    {
        return Tool.RunAsync(
            "skopeo",
            ["--insecure-policy", "copy", "--src-tls-verify=false", "--dest-tls-verify=false", .. options, source, destination]);
    }

    /// <summary>Writes an image to anything that skopeo names, such as <c>docker-archive:/a/file:name:tag</c>.</summary>
    public static async Task ExportAsync(TestImageBuilder image, string destination, params string[] options)
    {
        var folder = Directory.CreateTempSubdirectory("portal-layout-");
        try
        {
            image.WriteLayout(folder.FullName);
            await CopyAsync($"oci:{folder.FullName}:latest", destination, options);
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
