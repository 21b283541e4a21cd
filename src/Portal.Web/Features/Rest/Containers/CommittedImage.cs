namespace Portal.Web.Features.Rest.Containers;

/// <summary>An image that was made.</summary>
/// <param name="ImageId"><c>sha256:</c> and 64 hexadecimal digits.</param>
internal sealed record CommittedImage(string ImageId);
