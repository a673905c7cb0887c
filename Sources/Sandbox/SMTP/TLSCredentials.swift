import Crypto
import Foundation
import NIOSSL
import SwiftASN1
import X509

/// A certificate authority that lives as long as the sandbox, and the server certificate it signed for localhost.
/// A pair, not one self-signed certificate: strict clients refuse an end certificate that is its own issuer.
struct TLSCredentials: Sendable {
    private let authorityPEM: String
    private let serverPEM: String
    private let keyPEM: String

    static func make(at now: Date) throws(SandboxError) -> TLSCredentials {
        do {
            let (authority, authorityKey, name) = try makeAuthority(at: now)
            let key = P256.Signing.PrivateKey()
            let server = try makeServer(key: key, issuer: name, signedBy: authorityKey, at: now)
            return TLSCredentials(
                authorityPEM: try authority.serializeAsPEM().pemString,
                serverPEM: try server.serializeAsPEM().pemString, keyPEM: key.pemRepresentation)
        } catch {
            throw .certificate(detail: "\(error)")
        }
    }

    /// The path of `sandbox-ca.pem` in the folder, which is created if it is not there.
    func writeAuthority(into folder: String) throws(SandboxError) -> String {
        let file = URL(fileURLWithPath: folder, isDirectory: true).appendingPathComponent("sandbox-ca.pem")
        do {
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            try Data(authorityPEM.utf8).write(to: file, options: .atomic)
            return file.path
        } catch {
            throw .certificate(detail: "\(file.path): \(error.localizedDescription)")
        }
    }

    func serverContext() throws(SandboxError) -> NIOSSLContext {
        do {
            let chain = try NIOSSLCertificate.fromPEMBytes(Array(serverPEM.utf8)).map {
                NIOSSLCertificateSource.certificate($0)
            }
            let key = try NIOSSLPrivateKey(bytes: Array(keyPEM.utf8), format: .pem)
            return try NIOSSLContext(
                configuration: .makeServerConfiguration(certificateChain: chain, privateKey: .privateKey(key)))
        } catch {
            throw .certificate(detail: "\(error)")
        }
    }

    private static func makeAuthority(
        at now: Date
    ) throws -> (Certificate, Certificate.PrivateKey, DistinguishedName) {
        let key = Certificate.PrivateKey(P256.Signing.PrivateKey())
        let name = try DistinguishedName {
            CommonName("Vestnik sandbox CA")
        }
        let certificate = try Certificate(
            version: .v3, serialNumber: .init(), publicKey: key.publicKey,
            notValidBefore: now.addingTimeInterval(-3_600),
            notValidAfter: now.addingTimeInterval(365 * 86_400), issuer: name, subject: name,
            signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.isCertificateAuthority(maxPathLength: 0))
                Critical(KeyUsage(keyCertSign: true, cRLSign: true))
                SubjectKeyIdentifier(hash: key.publicKey)
            }, issuerPrivateKey: key)
        return (certificate, key, name)
    }

    private static func makeServer(
        key: P256.Signing.PrivateKey, issuer: DistinguishedName, signedBy authority: Certificate.PrivateKey,
        at now: Date
    ) throws -> Certificate {
        let publicKey = Certificate.PrivateKey(key).publicKey
        let authorityID = SubjectKeyIdentifier(hash: authority.publicKey).keyIdentifier
        return try Certificate(
            version: .v3, serialNumber: .init(), publicKey: publicKey, notValidBefore: now.addingTimeInterval(-3_600),
            notValidAfter: now.addingTimeInterval(365 * 86_400), issuer: issuer,
            subject: try DistinguishedName { CommonName("localhost") }, signatureAlgorithm: .ecdsaWithSHA256,
            extensions: try Certificate.Extensions {
                Critical(BasicConstraints.notCertificateAuthority)
                Critical(KeyUsage(digitalSignature: true))
                try ExtendedKeyUsage([.serverAuth])
                SubjectAlternativeNames([
                    .dnsName("localhost"), .ipAddress(.init(contentBytes: [127, 0, 0, 1])),
                    .ipAddress(.init(contentBytes: ArraySlice(repeating: 0, count: 15) + [1])),
                ])
                SubjectKeyIdentifier(hash: publicKey)
                AuthorityKeyIdentifier(keyIdentifier: authorityID)
            }, issuerPrivateKey: authority)
    }
}
