using System.Globalization;
using System.Text;
using System.Xml.Linq;

namespace Portal.Web.Backups.S3;

/// <content>Objects that are put in parts: nobody sees them before the last word.</content>
internal sealed partial class S3Client
{
    /// <returns>The name of the upload.</returns>
    public async Task<string> BeginPartsAsync(string key, CancellationToken cancellationToken)
    {
        using var response = await SendAsync(
            HttpMethod.Post, key, S3Bucket.QueryOf(("uploads", "")), ReadOnlyMemory<byte>.Empty, "to write", cancellationToken);
        var id = S3Answers.TextOf(await S3Answers.ReadAsync(response, cancellationToken), "UploadId");
        return id.Length is > 0 and <= 2048 ? id : throw new S3Exception(N("The storage gave the upload no name."));
    }

    /// <returns>What the storage calls the part.</returns>
    public async Task<string> PutPartAsync(
        string key, string upload, int number, ReadOnlyMemory<byte> part, CancellationToken cancellationToken)
    {
        var query = S3Bucket.QueryOf(("partNumber", number.ToString(CultureInfo.InvariantCulture)), ("uploadId", upload));
        using var response = await SendAsync(HttpMethod.Put, key, query, part, "to write", cancellationToken);
        return response.Headers.TryGetValues("ETag", out var tags) ? tags.First()
            : throw new S3Exception(N("The storage took a part unnamed."));
    }

    /// <summary>Makes the object of its parts.</summary>
    public async Task CompletePartsAsync(string key, string upload, IEnumerable<string> tags, CancellationToken cancellationToken)
    {
        var document = new XElement(
            XName.Get("CompleteMultipartUpload", "http://s3.amazonaws.com/doc/2006-03-01/"),
            tags.Select((tag, index) => new XElement(
                XName.Get("Part", "http://s3.amazonaws.com/doc/2006-03-01/"),
                new XElement(XName.Get("PartNumber", "http://s3.amazonaws.com/doc/2006-03-01/"), index + 1),
                new XElement(XName.Get("ETag", "http://s3.amazonaws.com/doc/2006-03-01/"), tag))));
        var body = Encoding.UTF8.GetBytes(document.ToString(SaveOptions.DisableFormatting));
        using var response = await SendAsync(
            HttpMethod.Post, key, S3Bucket.QueryOf(("uploadId", upload)), body, "to write", cancellationToken);

        // It has begun to answer before it knew: a refusal comes as a success too.
        var answer = await S3Answers.ReadAsync(response, cancellationToken);
        if (answer.Name.LocalName == "Error")
        {
            throw S3Answers.Refusal(
                S3Answers.TextOf(answer, "Code"), S3Answers.TextOf(answer, "Message"), response.StatusCode, "to write");
        }
    }

    /// <summary>Takes the parts back; else they would be kept, and paid for, without anybody seeing them.</summary>
    public async Task AbortPartsAsync(string key, string upload, CancellationToken cancellationToken)
    {
        using var _ = await SendAsync(
            HttpMethod.Delete, key, S3Bucket.QueryOf(("uploadId", upload)), default, "to take back", cancellationToken);
    }
}
