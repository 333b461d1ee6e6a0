// A flight along a mountain lake into the evening sun, drawn and composed by this program alone.
//
//   flyover SOUND.wav > PICTURES.rgb     200 frames of 640x360 RGB24 on stdout, 8 s of sound in a file
//
// The land is a height field, drawn column by column from front to back, at twice the size and then
// averaged. Nothing is random: every number comes from a hash of its place.

import Foundation

let width = 640, height = 360, framesPerSecond = 25, frameCount = 200
let wide = width * 2, high = height * 2
let size = 2048
let waterLevel: Float = 14
let sunAzimuth: (x: Float, y: Float) = (0.115, 0.9934)

typealias Color = SIMD3<Float>

// MARK: - Noise

func hash(_ x: Int32, _ y: Int32, _ seed: UInt32) -> Float {
  var n =
    UInt32(bitPattern: x) &* 0x9E37_79B1 ^ UInt32(bitPattern: y) &* 0x85EB_CA77 ^ seed
    &* 0xC2B2_AE3D
  n = (n ^ (n >> 15)) &* 0x2C1B_3C6D
  n = (n ^ (n >> 12)) &* 0x297A_2D39
  return Float((n ^ (n >> 15)) >> 8) / 16_777_216
}

func noise(_ x: Float, _ y: Float, _ seed: UInt32) -> Float {
  let fx = x.rounded(.down), fy = y.rounded(.down)
  let ix = Int32(fx), iy = Int32(fy)
  let tx = x - fx, ty = y - fy
  let u = tx * tx * tx * (tx * (tx * 6 - 15) + 10), v = ty * ty * ty * (ty * (ty * 6 - 15) + 10)
  let a = hash(ix, iy, seed), b = hash(ix &+ 1, iy, seed)
  let c = hash(ix, iy &+ 1, seed), d = hash(ix &+ 1, iy &+ 1, seed)
  return a + (b - a) * u + (c - a) * v + (a - b - c + d) * u * v
}

func layers(_ x: Float, _ y: Float, _ count: Int, _ seed: UInt32) -> Float {
  var sum: Float = 0, weight: Float = 0.5, px = x, py = y
  for layer in 0..<count {
    sum += weight * noise(px, py, seed &+ UInt32(layer))
    (px, py) = (px * 1.6 + py * 1.2 + 7.3, py * 1.6 - px * 1.2 + 3.1)
    weight *= 0.5
  }
  return sum
}

func ridges(_ x: Float, _ y: Float, _ count: Int, _ seed: UInt32) -> Float {
  var sum: Float = 0, weight: Float = 0.55, px = x, py = y, above: Float = 1
  for layer in 0..<count {
    var value = 1 - abs(2 * noise(px, py, seed &+ UInt32(layer)) - 1)
    value *= value
    sum += weight * value * above
    above = min(1, value * 1.4)
    (px, py) = (px * 1.6 + py * 1.2, py * 1.6 - px * 1.2)
    weight *= 0.5
  }
  return sum
}

func smooth(_ low: Float, _ top: Float, _ x: Float) -> Float {
  let t = min(max((x - low) / (top - low), 0), 1)
  return t * t * (3 - 2 * t)
}

func mix(_ a: Color, _ b: Color, _ t: Float) -> Color { a + (b - a) * t }

// MARK: - The land

/// Where the middle of the lake is, for each distance flown.
func lake(_ y: Float) -> Float {
  Float(size) / 2 + 52 * sin(y * 0.0093) + 24 * sin(y * 0.0211 + 1.3)
}

let heights = UnsafeMutablePointer<Float>.allocate(capacity: size * size)
let ground = UnsafeMutablePointer<Color>.allocate(capacity: size * size)
let normals = UnsafeMutablePointer<SIMD2<Float>>.allocate(capacity: size * size)
/// How steeply one has to look up, towards the sun, to see over the hills.
let skyline = UnsafeMutablePointer<Float>.allocate(capacity: size * size)

func raiseLand() {
  for y in 0..<size {
    for x in 0..<size {
      let fx = Float(x), fy = Float(y)
      let warp = layers(fx * 0.006, fy * 0.006, 3, 40) * 60
      let mountains = ridges((fx + warp) * 0.0042, (fy - warp) * 0.0042, 8, 1)
      let hills = layers(fx * 0.013, fy * 0.013, 6, 20)
      let aside = abs(fx - lake(fy)) + 26 * (layers(fx * 0.03, fy * 0.03, 4, 60) - 0.5)
      let shore = smooth(18, 96, aside), far = smooth(40, 330, aside)
      let islands = 26 * smooth(0.62, 0.8, noise(fx * 0.021, fy * 0.017, 90)) * (1 - far)
      heights[y * size + x] =
        2 + shore * (9 + 26 * hills) + far * mountains * 215 + islands * (0.4 + hills)
    }
  }
  for y in 0..<size {
    for x in 0..<size {
      let here = y * size + x
      let right = y * size + min(x + 1, size - 1), left = y * size + max(x - 1, 0)
      let up = min(y + 1, size - 1) * size + x, down = max(y - 1, 0) * size + x
      let slope = SIMD2((heights[left] - heights[right]) / 2, (heights[down] - heights[up]) / 2)
      normals[here] = slope
      ground[here] = cover(Float(x), Float(y), heights[here], (slope * slope).sum().squareRoot())
      var steepest: Float = -1, step: Float = 1.5
      while step < 420 {
        let px = Int(Float(x) + sunAzimuth.x * step), py = Int(Float(y) + sunAzimuth.y * step)
        if px < 0 || py < 0 || px >= size || py >= size { break }
        steepest = max(steepest, (max(heights[py * size + px], waterLevel) - heights[here]) / step)
        step *= 1.09
      }
      skyline[here] = steepest
    }
  }
}

/// What grows, or lies, at a place.
func cover(_ x: Float, _ y: Float, _ height: Float, _ slope: Float) -> Color {
  let patches = layers(x * 0.05, y * 0.05, 4, 70), speckle = hash(Int32(x), Int32(y), 80)
  let sand = Color(0.44, 0.37, 0.24), meadow = Color(0.17, 0.23, 0.06)
  let forest = Color(0.035, 0.085, 0.035), rock = Color(0.21, 0.19, 0.18),
    snow = Color(0.86, 0.89, 0.95)
  let autumn = Color(0.36, 0.17, 0.03)
  var color = mix(meadow, Color(0.27, 0.26, 0.09), smooth(0.35, 0.6, patches))
  let trees = smooth(0.38, 0.5, layers(x * 0.03 + 9, y * 0.03, 5, 75)) * smooth(18, 24, height)
  color = mix(
    color, mix(forest, autumn, speckle > 0.86 ? 0.75 : 0), trees * (0.75 + 0.25 * speckle))
  color = mix(color, rock, smooth(62, 92, height + 30 * (patches - 0.4)))
  color = mix(color, rock * (0.75 + 0.5 * patches), smooth(0.75, 1.25, slope))
  color = mix(
    color, snow, smooth(88, 112, height + 40 * (patches - 0.45)) * (1 - smooth(0.9, 1.7, slope)))
  color = mix(sand, color, smooth(0.8, 3.2, height - waterLevel + 2 * (speckle - 0.5)))
  return color * (0.88 + 0.24 * speckle)
}

/// Bilinear: the height at a place between the points of the map.
@inline(__always) func heightAt(_ x: Float, _ y: Float) -> Float {
  let ix = min(max(Int(x), 0), size - 2), iy = min(max(Int(y), 0), size - 2)
  let tx = x - Float(ix), ty = y - Float(iy), at = iy * size + ix
  let top = heights[at] + (heights[at + 1] - heights[at]) * tx
  let bottom = heights[at + size] + (heights[at + size + 1] - heights[at + size]) * tx
  return top + (bottom - top) * ty
}

@inline(__always) func blend<T>(_ map: UnsafeMutablePointer<T>, _ x: Float, _ y: Float) -> T
where T: SIMD, T.Scalar == Float {
  let ix = min(max(Int(x), 0), size - 2), iy = min(max(Int(y), 0), size - 2)
  let tx = x - Float(ix), ty = y - Float(iy), at = iy * size + ix
  let top = map[at] + (map[at + 1] - map[at]) * tx
  let bottom = map[at + size] + (map[at + size + 1] - map[at + size]) * tx
  return top + (bottom - top) * ty
}

// MARK: - Light

/// The light at one moment of the day.
struct Light {
  let sun: Color
  let sunColor: Color
  let zenith: Color
  let horizon: Color
  let glow: Color
  let day: Float
  let time: Float

  init(time: Float) {
    self.time = time
    let elevation = 0.34 - 0.362 * smooth(-0.15, 1.12, time / 8)
    day = smooth(-0.02, 0.30, elevation)
    sun = Color(sunAzimuth.x * cos(elevation), sunAzimuth.y * cos(elevation), sin(elevation))
    sunColor =
      mix(Color(1.5, 0.52, 0.16), Color(2.5, 2.15, 1.7), day) * smooth(-0.035, 0.05, elevation)
    zenith = mix(Color(0.055, 0.075, 0.20), Color(0.09, 0.26, 0.66), day)
    horizon = mix(Color(0.50, 0.29, 0.30), Color(0.48, 0.64, 0.84), day)
    glow = mix(Color(1.35, 0.46, 0.10), Color(0.62, 0.50, 0.32), day)
  }

  /// The sky without clouds, the colour of distance too.
  func air(_ x: Float, _ y: Float, _ z: Float) -> Color {
    let up = max(z, 0), toSun = max(x * sun.x + y * sun.y + z * sun.z, 0)
    let low = exp(-up * 5.5)
    let near = toSun * toSun, nearer = near * near * near * near
    return mix(zenith, horizon, low) + glow
      * (0.34 * near * low * low + 0.38 * nearer * (0.25 + 0.75 * low))
  }

  /// The sky with clouds, stars and the sun itself.
  func sky(_ x: Float, _ y: Float, _ z: Float, withSun: Bool) -> Color {
    var color = air(x, y, z)
    let toSun = x * sun.x + y * sun.y + z * sun.z
    if z > 0.015 {
      let px = x / (z + 0.08) * 1.6 + time * 0.035, py = y / (z + 0.08) * 0.62 - time * 0.06
      let density = layers(px, py, 5, 200)
      let cloud = smooth(0.46, 0.74, density) * smooth(0.015, 0.12, z)
      let edge = smooth(0.80, 0.5, density)
      let lit =
        mix(horizon * 0.72, Color(0.95, 0.95, 0.98), day) + glow * (0.25 + 0.75 * max(toSun, 0))
        * (0.35 + 0.65 * edge)
      color = mix(color, lit * (0.62 + 0.30 * edge), cloud * 0.78)
    }
    if withSun, toSun > 0.9 {
      let halo = exp((toSun - 1) * 420)
      let disk = smooth(0.99955, 0.99980, toSun)
      color += (glow * 1.6 + 0.25) * halo + Color(9, 6.2, 3.0) * disk
    }
    return color
  }
}

// MARK: - One frame

let canvas = UnsafeMutablePointer<Color>.allocate(capacity: wide * high)

func draw(_ light: Light) {
  let time = light.time
  let y0 = 150 + 46 * time
  let x0 = lake(y0 + 60) * 0.75 + Float(size) / 8
  let ahead = lake(y0 + 260) * 0.75 + Float(size) / 8
  let altitude = 56 - 14 * smooth(0, 7, time) + 1.5 * sin(time * 0.9)
  var heading = SIMD2<Float>((ahead - x0) * 0.55, 260)
  heading /= (heading * heading).sum().squareRoot()
  let roll = 0.055 * sin(time * 0.55 + 0.4)
  let focal = Float(wide) / 2 / 0.64
  let skyRows = Float(high) * (0.40 + 0.02 * sin(time * 0.4))

  for column in 0..<wide {
    let side = (Float(column) + 0.5 - Float(wide) / 2) / focal
    let level = skyRows + side * roll * focal
    let direction = SIMD2(heading.x + heading.y * side, heading.y - heading.x * side)
    let length = (direction * direction).sum().squareRoot()
    var bottom = high
    var z: Float = 9, stride: Float = 0.35
    var previous = Color(), first = true
    while z < 1150, bottom > 0 {
      let px = x0 + direction.x * z, py = y0 + direction.y * z
      let land = heightAt(px, py)
      let surface = max(land, waterLevel)
      let row = level + (altitude - surface) / z * focal
      let top = max(0, Int(row.rounded(.up)))
      if top < bottom {
        let color = shade(
          light, px, py, land, SIMD3(direction.x, direction.y, (surface - altitude) / z) / length,
          z * length)
        let from = first ? color : previous
        let span = Float(max(bottom - top, 1))
        for line in top..<bottom {
          canvas[line * wide + column] = mix(color, from, (Float(line - top) + 0.5) / span)
        }
        bottom = top
        previous = color
        first = false
      } else {
        first = first || row > Float(bottom) + 3
      }
      z += stride
      stride *= 1.0062
    }
    for line in 0..<bottom {
      let rise = (level - Float(line) - 0.5) / focal
      let scale = 1 / (length * length + rise * rise).squareRoot()
      canvas[line * wide + column] = light.sky(
        direction.x * scale, direction.y * scale, rise * scale, withSun: true)
    }
  }
}

/// The colour of a place on the ground or the water, seen along `view` from `distance` away.
func shade(_ light: Light, _ x: Float, _ y: Float, _ land: Float, _ view: Color, _ distance: Float)
  -> Color
{
  let inverse = 1 / (view * view).sum().squareRoot()
  let ray = view * inverse
  var color: Color
  if land < waterLevel {
    let calm = 1 / (1 + distance * 0.004)
    let wx =
      noise(x * 0.9 + light.time * 1.1, y * 0.9, 300) - 0.5 + 0.6
      * (noise(x * 2.3, y * 2.3 - light.time * 2, 301) - 0.5)
    let wy =
      noise(x * 0.8, y * 0.8 + light.time * 1.3, 302) - 0.5 + 0.6
      * (noise(x * 2.1 + light.time * 2, y * 2.1, 303) - 0.5)
    let normal = SIMD2(wx, wy) * 0.11 * calm
    let mirrored = Color(
      ray.x - 2 * normal.x * ray.z, ray.y - 2 * normal.y * ray.z, max(-ray.z + 0.6 * normal.y, 0.01)
    )
    let unit = mirrored / (mirrored * mirrored).sum().squareRoot()
    // The far shore stands on its head: look for land along the mirrored ray.
    var seen = light.sky(unit.x, unit.y, unit.z, withSun: false), reach: Float = 6
    var blocked = false
    while reach < 420 {
      let px = x + unit.x * reach, py = y + unit.y * reach
      if heightAt(px, py) > waterLevel + unit.z * reach {
        let at = min(max(Int(py), 0), size - 1) * size + min(max(Int(px), 0), size - 1)
        seen = lit(light, ground[at], normals[at], skyline[at])
        seen = haze(light, seen, unit, distance + reach, heights[at])
        blocked = true
        break
      }
      reach *= 1.16
    }
    let grazing = 1 - min(max(-ray.z, 0), 1)
    let fresnel = 0.04 + 0.96 * pow(grazing, 5)
    let shallow = smooth(7, 0, waterLevel - land)
    let depth =
      mix(Color(0.008, 0.035, 0.05), Color(0.06, 0.13, 0.10), shallow) * (0.35 + 0.65 * light.day)
    color = mix(depth, seen, min(1, fresnel * 1.15))
    let toSun = max((unit * light.sun).sum(), 0)
    if !blocked { color += light.sunColor * (2.2 * pow(toSun, 420) + 0.22 * pow(toSun, 36)) }
    color += Color(repeating: 0.05) * smooth(0.9, 0.1, waterLevel - land) * (0.3 + light.day)
  } else {
    let at = min(max(Int(y), 0), size - 1) * size + min(max(Int(x), 0), size - 1)
    color = lit(light, blend(ground, x, y), blend(normals, x, y), skyline[at])
  }
  return haze(light, color, ray, distance, max(land, waterLevel))
}

func lit(_ light: Light, _ base: Color, _ slope: SIMD2<Float>, _ skyline: Float) -> Color {
  let normal = Color(slope.x, slope.y, 1) / (1 + (slope * slope).sum()).squareRoot()
  let tangent = light.sun.z / max(0.01, (1 - light.sun.z * light.sun.z).squareRoot())
  let open = smooth(-0.03, 0.03, tangent - skyline)
  let direct = max((normal * light.sun).sum() * 0.92 + 0.08, 0) * open
  let ambient = mix(light.horizon, light.zenith, 0.55) * (0.42 + 0.38 * normal.z)
  let bounce = light.glow * 0.10 * max(0, normal.y * sunAzimuth.y + normal.x * sunAzimuth.x)
  return base * (light.sunColor * direct + ambient + bounce)
}

func haze(_ light: Light, _ color: Color, _ ray: Color, _ distance: Float, _ height: Float) -> Color
{
  let mist = 0.00045 + 0.0014 * exp(-max(height - waterLevel, 0) * 0.06)
  let clear = exp(-distance * mist - pow(distance / 1050, 4))
  return mix(light.air(ray.x, ray.y, max(ray.z, 0.012)), color, clear)
}

/// Averages four dots into one, and turns light into what a screen shows.
func develop(_ light: Light, into bytes: inout [UInt8]) {
  for y in 0..<height {
    for x in 0..<width {
      let at = y * 2 * wide + x * 2
      let sum = canvas[at] + canvas[at + 1] + canvas[at + wide] + canvas[at + wide + 1]
      let dx = (Float(x) / Float(width) - 0.5), dy = (Float(y) / Float(height) - 0.5)
      let exposure = 0.25 * (1.12 - 0.24 * light.day) * (1 - 0.75 * (dx * dx + dy * dy))
      for channel in 0..<3 {
        let value = max(0, sum[channel] * exposure)
        let film = value * (2.51 * value + 0.03) / (value * (2.43 * value + 0.59) + 0.14)
        bytes[(y * width + x) * 3 + channel] = UInt8(
          min(max(pow(min(film, 1), 1 / 2.2) * 255 + 0.5, 0), 255))
      }
    }
  }
}

// MARK: - Sound

/// Wind over the water and a slow tune on a plucked string, as a stereo WAV file.
func compose(seconds: Int, rate: Int = 44_100) -> Data {
  let count = seconds * rate
  var left = [Float](repeating: 0, count: count), right = left

  // Wind: noise through two slow filters, which open and close.
  var low: SIMD2<Float> = .zero, slow: SIMD2<Float> = .zero
  for i in 0..<count {
    let t = Float(i) / Float(rate)
    let white = SIMD2(hash(Int32(i), 1, 500), hash(Int32(i), 2, 500)) * 2 - 1
    let gust = 0.5 + 0.3 * sin(t * 0.9) + 0.2 * sin(t * 2.3 + 1)
    low += (white - low) * (0.012 + 0.030 * gust)
    slow += (low - slow) * 0.004
    let wind = (low - slow) * (0.18 + 0.34 * gust)
    left[i] = wind.x
    right[i] = wind.y
  }

  // A held chord that breathes, and changes half way.
  let chords: [[Float]] = [[110, 164.81, 220, 277.18], [92.5, 138.59, 220, 277.18]]
  for (index, chord) in chords.enumerated() {
    for (voice, pitch) in chord.enumerated() {
      let start = index * count / 2, length = count / 2 + rate / 2
      for i in start..<min(count, start + length) {
        let t = Float(i - start) / Float(rate), end = Float(length) / Float(rate)
        let shape = smooth(0, 1.2, t) * smooth(end, end - 1.2, t)
        let wobble = 1 + 0.0018 * sin(t * 4.1 + Float(voice))
        let tone = sin(2 * .pi * pitch * t * wobble) + 0.3 * sin(4 * .pi * pitch * t)
        left[i] += 0.030 * shape * tone * (voice % 2 == 0 ? 1 : 0.6)
        right[i] += 0.030 * shape * tone * (voice % 2 == 0 ? 0.6 : 1)
      }
    }
  }

  // The tune: a string is a loop of noise that loses its highs (Karplus and Strong, 1983).
  let tune: [(at: Float, pitch: Float)] = [
    (0.4, 440), (0.9, 554.37), (1.4, 659.26), (2.2, 554.37), (2.9, 493.88), (3.4, 440),
    (4.2, 369.99), (4.7, 440), (5.2, 554.37), (5.9, 493.88), (6.5, 440),
  ]
  for (index, note) in tune.enumerated() {
    let period = Int(Float(rate) / note.pitch)
    var string = (0..<period).map { hash(Int32($0), Int32(index), 600) * 2 - 1 }
    for _ in 0..<3 {
      for k in 0..<period { string[k] = (string[k] + string[(k + 1) % period]) / 2 }
    }
    let start = Int(note.at * Float(rate)), pan: Float = index % 2 == 0 ? 0.42 : 0.6
    for i in start..<count {
      let k = (i - start) % period
      let value = string[k]
      string[k] = (value + string[(k + 1) % period]) * 0.4985
      left[i] += value * 0.24 * (1 - pan)
      right[i] += value * 0.24 * pan
    }
  }

  // The valley answers: four echoes of different lengths.
  for (delay, gain) in [(0.113, 0.34), (0.197, 0.27), (0.311, 0.22), (0.467, 0.16)]
    as [(Float, Float)]
  {
    let distance = Int(delay * Float(rate))
    for i in distance..<count {
      (left[i], right[i]) = (
        left[i] + right[i - distance] * gain, right[i] + left[i - distance] * gain
      )
    }
  }

  var samples = Data()
  for i in 0..<count {
    let t = Float(i) / Float(rate)
    let fade = smooth(0, 0.4, t) * smooth(Float(seconds), Float(seconds) - 1.1, t)
    for value in [left[i], right[i]] {
      let loud = value * fade * 2.6
      let sample = Int16(32_000 * loud / (1 + abs(loud)))
      withUnsafeBytes(of: sample.littleEndian) { samples.append(contentsOf: $0) }
    }
  }
  return waveHeader(bytes: samples.count, rate: rate) + samples
}

func waveHeader(bytes: Int, rate: Int) -> Data {
  var data = Data()
  func four(_ text: String) { data.append(contentsOf: text.utf8) }
  func number(_ value: Int, size: Int) {
    for k in 0..<size { data.append(UInt8(truncatingIfNeeded: value >> (8 * k))) }
  }
  four("RIFF"); number(36 + bytes, size: 4); four("WAVE")
  four("fmt "); number(16, size: 4); number(1, size: 2); number(2, size: 2)
  number(rate, size: 4); number(rate * 4, size: 4); number(4, size: 2); number(16, size: 2)
  four("data"); number(bytes, size: 4)
  return data
}

// MARK: - All of it

guard CommandLine.arguments.count == 2 else {
  FileHandle.standardError.write(Data("usage: flyover SOUND.wav > PICTURES.rgb\n".utf8))
  exit(2)
}
do {
  try compose(seconds: frameCount / framesPerSecond).write(
    to: URL(fileURLWithPath: CommandLine.arguments[1]))
  raiseLand()
  var picture = [UInt8](repeating: 0, count: width * height * 3)
  for frame in 0..<frameCount {
    let light = Light(time: Float(frame) / Float(framesPerSecond))
    draw(light)
    develop(light, into: &picture)
    try FileHandle.standardOutput.write(contentsOf: Data(picture))
  }
} catch {
  FileHandle.standardError.write(Data("error: \(error.localizedDescription)\n".utf8))
  exit(1)
}
